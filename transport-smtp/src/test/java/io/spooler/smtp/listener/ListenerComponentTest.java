package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.smtp.net.EventLoops;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus.Condition;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** What the component registers, without a framework around it. */
class ListenerComponentTest {

    private static final String ADDRESS = "spooler.listener.address";

    private final EventLoops loops = new EventLoops();
    private final List<Dictionary<?, ?>> published = new ArrayList<>();
    private TransportProvider service;
    private boolean registered;

    @AfterEach
    void close() {
        loops.close();
    }

    private BundleContext context() {
        ServiceRegistration<?> registration = proxy(ServiceRegistration.class, (method, arguments) -> {
            registered = registered && !method.equals("unregister");
            if (method.equals("setProperties")) {
                published.add((Dictionary<?, ?>) arguments[0]);
            }
            return null;
        });
        return proxy(BundleContext.class, (method, arguments) -> {
            assertThat(method).isEqualTo("registerService");
            assertThat(arguments[0]).isEqualTo(TransportProvider.class);
            registered = true;
            service = (TransportProvider) arguments[1];
            published.add((Dictionary<?, ?>) arguments[2]);
            return registration;
        });
    }

    /** Answers a call. */
    private interface Handler {
        Object answer(String method, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> handler.answer(method.getName(), arguments)));
    }

    private Object last(String key) {
        return published.get(published.size() - 1).get(key);
    }

    @Test
    void registersATransportThatSaysWhereItListens() throws Exception {
        Map<String, Object> properties = Map.of(
                "felix.fileinstall.filename",
                "file:/etc/io.spooler.smtp.listener-main.cfg",
                "port",
                "0",
                "hostname",
                "mx");
        ListenerComponent component = new ListenerComponent(context(), properties, loops, new LoginsComponent());
        assertThat(last(TransportProvider.NAME)).isEqualTo("listener-main");
        assertThat(service.status().text()).isEqualTo("listening on " + last(ADDRESS));
        String address = (String) last(ADDRESS);
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        try (RawClient client = new RawClient(port, false)) {
            assertThat(client.greet().ask("MAIL FROM:<>")).startsWith("451 4.3.2");
            component.deactivate();
            assertThat(client.reply()).startsWith("421 4.3.2");
        }
        assertThat(registered).isFalse();
    }

    @Test
    void wrongSettingsLeaveItRegisteredAndFailed() {
        ListenerComponent component =
                new ListenerComponent(context(), Map.of("port", "70000"), loops, new LoginsComponent());
        assertThat(service.status().condition()).isEqualTo(Condition.FAILED);
        assertThat(last(ADDRESS)).isEqualTo("");
        component.modified(Map.of("port", "0", "hostname", "mx"));
        assertThat(service.status().condition()).isEqualTo(Condition.AVAILABLE);
        assertThat((String) last(ADDRESS)).startsWith("127.0.0.1:");
        component.deactivate();
        assertThat(registered).isFalse();
    }
}
