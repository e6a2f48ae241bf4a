package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;

/** What Configuration Admin knows, in plain values. */
class ConfigurationWatchTest {

    private final List<String> asked = new ArrayList<>();
    private boolean broken;

    private final ConfigurationAdmin admin = proxy(ConfigurationAdmin.class, arguments -> {
        String filter = (String) arguments[0];
        // Throws if it is none.
        FrameworkUtil.createFilter(filter);
        asked.add(filter);
        if (broken) {
            throw new IOException("disk");
        }
        return filter.contains("~here") ? new Configuration[] {proxy(Configuration.class, none -> null)} : null;
    });
    private final ConfigurationWatch watch = new ConfigurationWatch(admin);

    private interface Answer {
        Object answer(Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer.answer(arguments)));
    }

    @Test
    void tells_which_exist() {
        assertThat(watch.existing(List.of("a~here", "a~not"))).containsExactly("a~here");
        assertThat(watch.existing(List.of("a*)(b\\"))).isEmpty();
        assertThat(asked).last().isEqualTo("(service.pid=a\\*\\)\\(b\\\\)");
    }

    @Test
    void what_cannot_be_told_counts_as_there() {
        broken = true;
        assertThat(watch.existing(List.of("a"))).containsExactly("a");
    }

    @Test
    void tells_of_removals_only() {
        List<String> removed = new ArrayList<>();
        watch.onRemoved(removed::add);
        ServiceReference<ConfigurationAdmin> reference = reference();
        watch.configurationEvent(new ConfigurationEvent(reference, ConfigurationEvent.CM_UPDATED, null, "a"));
        watch.configurationEvent(new ConfigurationEvent(reference, ConfigurationEvent.CM_DELETED, "f", "f~b"));
        assertThat(removed).containsExactly("f~b");
    }

    @SuppressWarnings("unchecked")
    private static ServiceReference<ConfigurationAdmin> reference() {
        return proxy(ServiceReference.class, none -> null);
    }
}
