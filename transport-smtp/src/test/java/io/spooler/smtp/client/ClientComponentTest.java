package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.smtp.net.EventLoops;
import io.spooler.testkit.smtp.SmtpPeer;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus.Condition;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The component without a framework: what it registers, and when it changes that. */
class ClientComponentTest {

    private final EventLoops loops = new EventLoops();
    private final SmtpPeer peer;
    private final Map<String, Object> published = new HashMap<>();
    private TransportProvider service;

    ClientComponentTest() throws IOException {
        peer = SmtpPeer.start();
    }

    @AfterEach
    void close() throws IOException {
        loops.close();
        peer.close();
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> call.on(method.getName(), args)));
    }

    private interface Call {
        Object on(String method, Object[] args);
    }

    private BundleContext context() {
        return proxy(BundleContext.class, (method, args) -> {
            assertThat(method).isEqualTo("registerService");
            service = (TransportProvider) args[1];
            publish(args[2]);
            return proxy(ServiceRegistration.class, this::change);
        });
    }

    private Object change(String method, Object[] args) {
        if (method.equals("setProperties")) {
            publish(args[0]);
        } else {
            assertThat(method).isEqualTo("unregister");
            published.clear();
        }
        return null;
    }

    private void publish(Object properties) {
        Dictionary<?, ?> dictionary = (Dictionary<?, ?>) properties;
        published.clear();
        Collections.list(dictionary.keys()).forEach(key -> published.put(String.valueOf(key), dictionary.get(key)));
    }

    private Map<String, Object> settings(String... settings) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "host", "127.0.0.1",
                "port", String.valueOf(peer.port()),
                "service.pid", "io.spooler.smtp.client.4711",
                "felix.fileinstall.filename", "file:/base/etc/io.spooler.smtp.client-main.cfg"));
        for (String setting : settings) {
            properties.put(setting.replaceFirst("=.*", ""), setting.replaceFirst("[^=]*=", ""));
        }
        return properties;
    }

    private ClientComponent start(Map<String, Object> properties) {
        ClientComponent component = new ClientComponent(context(), loops, properties);
        component.activate(properties);
        return component;
    }

    @Test
    void publishesWhatTheSettingsSay() {
        ClientComponent component = start(settings("ranking=5", "concurrency=4"));
        assertThat(published)
                .containsOnlyKeys(
                        TransportProvider.NAME,
                        TransportProvider.TYPES,
                        TransportProvider.CONCURRENCY,
                        "service.pid",
                        "service.ranking")
                .containsEntry(TransportProvider.NAME, "smtp-main")
                .containsEntry(TransportProvider.TYPES, new String[] {"SMTP"})
                .containsEntry(TransportProvider.CONCURRENCY, 8)
                .containsEntry("service.ranking", 5);
        component.deactivate();
        assertThat(published).isEmpty();
    }

    @Test
    void takesNoMoreThanItHasConnectionsForManyDestinations() {
        ClientComponent component = start(Map.of("service.pid", "x~main", "direct", "true", "concurrency", "4"));
        assertThat(published).containsEntry(TransportProvider.CONCURRENCY, 4);
        component.deactivate();
    }

    @Test
    void changesWhileItRuns() {
        ClientComponent component = start(settings("patterns=*@example.org"));
        TransportProvider before = service;
        assertThat(published)
                .doesNotContainKey(TransportProvider.TYPES)
                .containsEntry(TransportProvider.PATTERNS, new String[] {"SMTP:*@example.org"});
        component.modified(settings("patterns=* *@example.net", "ranking=-1"));
        assertThat(service).isSameAs(before);
        assertThat(published)
                .containsEntry(TransportProvider.TYPES, new String[] {"SMTP"})
                .containsEntry(TransportProvider.PATTERNS, new String[] {"SMTP:*@example.net"})
                .containsEntry("service.ranking", -1);
        component.deactivate();
    }

    @Test
    void wrongChangesLeaveTheFormerSettings() {
        ClientComponent component = start(settings());
        component.modified(settings("port=0", "ranking=9"));
        assertThat(published).containsEntry("service.ranking", 0);
        assertThat(service.status().condition()).isEqualTo(Condition.AVAILABLE);
        assertThat(Rig.await(service.deliver(Rig.message().to("ann@example.org"))))
                .hasSize(1)
                .allMatch(Outcome.Relayed.class::isInstance);
        component.deactivate();
    }

    @Test
    void wrongFirstSettingsShowInTheStatusUntilTheyAreRight() {
        ClientComponent component = start(settings("tls=maybe"));
        assertThat(published).containsOnlyKeys(TransportProvider.NAME, "service.pid");
        assertThat(service.status().condition()).isEqualTo(Condition.FAILED);
        assertThat(service.status().text())
                .contains("io.spooler.smtp.client-main.cfg: tls=maybe is not allowed; allowed is one of none");
        assertThat(Rig.await(service.validate()).condition()).isEqualTo(Condition.FAILED);
        assertThat(Rig.await(service.deliver(Rig.message().to("ann@example.org"))))
                .containsExactly(new Outcome.NotMine());
        component.modified(settings());
        assertThat(published).containsKey(TransportProvider.TYPES);
        assertThat(service.status().condition()).isEqualTo(Condition.AVAILABLE);
        component.deactivate();
    }
}
