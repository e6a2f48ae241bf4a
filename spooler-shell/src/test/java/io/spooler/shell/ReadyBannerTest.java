package io.spooler.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The banner in a framework of proxies. */
class ReadyBannerTest {

    @TempDir
    private Path directory;

    private final Map<String, String> properties = new HashMap<>(Map.of("spooler.banner", "true"));
    private final List<Map<String, Object>> services = new CopyOnWriteArrayList<>();
    private final CountDownLatch looked = new CountDownLatch(1);
    private final CompletableFuture<String> printed = new CompletableFuture<>();
    private volatile int state = Bundle.STARTING;
    private ServiceListener serviceListener;
    private FrameworkListener frameworkListener;

    private interface Call {
        Object on(String method, Object[] arguments) throws Exception;
    }

    private static <T> T fake(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> call.on(method.getName(), args)));
    }

    private Object context(String method, Object[] arguments) {
        return switch (method) {
            case "getProperty" -> properties.get((String) arguments[0]);
            case "getBundle" ->
                fake(Bundle.class, (name, args) -> name.equals("getState") ? state : new Version(1, 2, 3));
            case "getDataFile" -> directory.resolve((String) arguments[0]).toFile();
            case "getAllServiceReferences" -> {
                looked.countDown();
                String key = arguments[1].toString().replaceAll("[()=*]", "");
                yield services.stream()
                        .filter(service -> service.containsKey(key))
                        .map(service -> fake(ServiceReference.class, (name, args) -> service.get(args[0])))
                        .toArray(ServiceReference<?>[]::new);
            }
            case "addServiceListener" -> {
                serviceListener = (ServiceListener) arguments[0];
                yield null;
            }
            case "addFrameworkListener" -> {
                frameworkListener = (FrameworkListener) arguments[0];
                yield null;
            }
            default -> null;
        };
    }

    private ReadyBanner banner() {
        ConfigurationAdmin configurations = fake(ConfigurationAdmin.class, (method, args) ->
                new Configuration[] {fake(Configuration.class, (name, none) -> "io.spooler.loopback")});
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8) {
            @Override
            public void flush() {
                super.flush();
                printed.complete(bytes.toString(StandardCharsets.UTF_8));
            }
        };
        ReadyBanner banner = new ReadyBanner(fake(BundleContext.class, this::context), configurations, out);
        banner.admin = new Fakes().admin();
        return banner;
    }

    @Test
    void waitsForTheFrameworkAndForEveryConfiguration() throws Exception {
        ReadyBanner banner = banner();
        state = Bundle.ACTIVE;
        frameworkListener.frameworkEvent(
                new FrameworkEvent(FrameworkEvent.STARTED, fake(Bundle.class, (name, args) -> null), null));
        assertThat(looked.await(10, TimeUnit.SECONDS)).as("it looked").isTrue();
        assertThat(printed).isNotDone();
        services.add(Map.of("service.pid", new String[] {"io.spooler.loopback"}, "spooler.transport.name", "loopback"));
        serviceListener.serviceChanged(null);
        assertThat(printed.get(10, TimeUnit.SECONDS))
                .startsWith("\nSpooler 1.2.3 in ")
                .contains("\nSpooler is ready after ");
        banner.deactivate();
    }

    @Test
    void isPrintedOncePerProcess() {
        new OncePerProcess(directory.resolve("banner").toFile()).done();
        banner().deactivate();
        assertThat(serviceListener).isNull();
    }

    @Test
    void doesNothingUnlessAskedTo() {
        properties.clear();
        banner().deactivate();
        assertThat(serviceListener).isNull();
    }
}
