package io.spooler.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.settings.SettingsException;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus.Condition;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** Settings become service properties; the service object stays while they change. */
class LoopbackComponentTest {

    private int registrations;
    private TransportProvider service;
    private Dictionary<?, ?> published;

    private LoopbackComponent activate(Map<String, Object> properties) {
        ServiceRegistration<?> registration = fake(ServiceRegistration.class, (name, args) -> {
            if (name.equals("setProperties")) {
                published = (Dictionary<?, ?>) args[0];
            } else if (name.equals("unregister")) {
                service = null;
            }
            return null;
        });
        BundleContext context = fake(BundleContext.class, (name, args) -> {
            registrations++;
            service = (TransportProvider) args[1];
            published = (Dictionary<?, ?>) args[2];
            return registration;
        });
        return new LoopbackComponent(context, properties);
    }

    private interface Call {
        Object on(String method, Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> call.on(method.getName(), args)));
    }

    private String[] patterns() {
        return (String[]) published.get(TransportProvider.PATTERNS);
    }

    @Test
    void worksWithoutConfiguration() {
        LoopbackComponent component = activate(Map.of("component.name", "x"));
        assertThat(published.get(TransportProvider.NAME)).isEqualTo("loopback");
        assertThat((String[]) published.get(TransportProvider.TYPES)).containsExactly("LOCAL");
        assertThat(patterns()).containsExactly("SMTP:*@spooler.local");
        assertThat(published.get(TransportProvider.CONCURRENCY)).isEqualTo(20);
        assertThat(service.status().condition()).isEqualTo(Condition.OFFLINE);
        component.deactivate();
        assertThat(service).isNull();
    }

    @Test
    void keepsTheServiceWhileSettingsChange() {
        LoopbackComponent component = activate(Map.of("service.pid", "io.spooler.loopback", "domains", "a.org"));
        component.modified(Map.of("service.pid", "io.spooler.loopback", "domains", "B.org, c.org B.org"));
        assertThat(registrations).isEqualTo(1);
        assertThat(patterns()).containsExactly("SMTP:*@b.org", "SMTP:*@c.org");
        assertThat(published.get("service.pid")).isEqualTo("io.spooler.loopback");
        component.modified(Map.of("domains", "*@b.org"));
        assertThat(patterns()).as("former settings stay").containsExactly("SMTP:*@b.org", "SMTP:*@c.org");
        component.deactivate();
    }

    @Test
    void staysUpWithWrongFirstSettingsAndRecovers() {
        LoopbackComponent component = activate(Map.of("domains", "no domain@"));
        assertThat(service.status().condition()).isEqualTo(Condition.FAILED);
        assertThat(service.status().text()).contains("domain@");
        assertThat(published.get(TransportProvider.TYPES)).isNull();
        component.modified(Map.of("domains", "a.org"));
        assertThat(service.status().condition()).isEqualTo(Condition.OFFLINE);
        assertThat(patterns()).containsExactly("SMTP:*@a.org");
        component.deactivate();
    }

    @Test
    void refusalNamesFileKeyValueAndWhatIsAllowed() {
        Map<String, Object> wrong = Map.of(
                "felix.fileinstall.filename",
                "file:/x/etc/io.spooler.loopback.cfg",
                "domains",
                "ann@a.org",
                "port",
                "1");
        assertThatThrownBy(() -> LoopbackSettings.read(wrong))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "io.spooler.loopback.cfg: domains=ann@a.org is not allowed; allowed is mail domains such as"
                                + " example.org, without @ and *; io.spooler.loopback.cfg: port is unknown; known are domains, mailboxes");
    }
}
