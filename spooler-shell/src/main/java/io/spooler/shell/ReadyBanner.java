package io.spooler.shell;

import io.spooler.admin.SpoolAdmin;
import io.spooler.transport.TransportProvider;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Prints the banner once everything that is configured is there, at the latest ten seconds after the framework has
 * started; once per process, also if this bundle is updated. Does nothing unless the framework property
 * {@code spooler.banner} is {@code true}. This is the only class of
 * the spooler that prints on the standard output of the instance.
 *
 * <p>Event-driven: listens to the framework and to services, see {@link ReadyWatch}.
 */
@Component(
        service = {},
        immediate = true)
public final class ReadyBanner {

    private static final String ENABLED = "spooler.banner";
    private static final String BASE = "spooler.base";
    private static final String OURS = "(|(service.pid=io.spooler.*)(service.factoryPid=io.spooler.*))";
    private static final Duration SETTLE = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final BundleContext context;
    private final ConfigurationAdmin configurations;
    private final PrintStream out;
    private final ReadyWatch watch;
    private final ServiceListener services;
    private final FrameworkListener framework;
    private final OncePerProcess once;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable SpoolAdmin admin;

    /**
     * Begins to watch.
     *
     * @param context of this bundle
     * @param configurations what is configured
     */
    @Activate
    public ReadyBanner(BundleContext context, @Reference ConfigurationAdmin configurations) {
        this(
                context,
                configurations,
                new PrintStream(new FileOutputStream(FileDescriptor.out), true, Charset.defaultCharset()));
    }

    /**
     * Begins to watch.
     *
     * @param context of this bundle
     * @param configurations what is configured
     * @param out takes the banner
     */
    ReadyBanner(BundleContext context, ConfigurationAdmin configurations, PrintStream out) {
        this.context = context;
        this.configurations = configurations;
        this.out = out;
        watch = new ReadyWatch(this::missing, this::print, SETTLE, LIMIT);
        services = event -> watch.poke();
        framework = event -> {
            if (event.getType() == FrameworkEvent.STARTED) {
                watch.poke();
            }
        };
        once = new OncePerProcess(context.getDataFile("banner"));
        if (Boolean.parseBoolean(context.getProperty(ENABLED)) && !once.isDone()) {
            listen();
        }
    }

    private void listen() {
        context.addFrameworkListener(framework);
        context.addServiceListener(services);
        watch.poke();
    }

    private Optional<List<String>> missing() {
        if (context.getBundle(0).getState() != Bundle.ACTIVE) {
            return Optional.empty();
        }
        SpoolAdmin present = admin;
        Set<String> served = pids();
        List<String> missing = new ArrayList<>(configured().stream()
                .filter(pid -> !served.contains(pid))
                .sorted()
                .map(pid -> "nothing serves the settings " + pid + "; see the log")
                .toList());
        if (present == null) {
            missing.add("the core is not running");
        } else {
            missing.addAll(unseen(present));
        }
        return Optional.of(missing);
    }

    /** Transports that are services already, but that the core has not noticed yet. */
    private List<String> unseen(SpoolAdmin present) {
        Set<String> seen =
                present.status().transports().stream().map(row -> row.name()).collect(Collectors.toSet());
        return references("(" + TransportProvider.NAME + "=*)")
                .map(reference -> String.valueOf(reference.getProperty(TransportProvider.NAME)))
                .filter(name -> !seen.contains(name))
                .map(name -> "the core does not know the transport " + name)
                .toList();
    }

    private List<String> configured() {
        try {
            Configuration[] found = configurations.listConfigurations(OURS);
            return found == null
                    ? List.of()
                    : Stream.of(found).map(Configuration::getPid).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Set<String> pids() {
        return references("(service.pid=*)")
                .flatMap(reference -> texts(reference.getProperty("service.pid")))
                .collect(Collectors.toSet());
    }

    private Stream<ServiceReference<?>> references(String filter) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(null, filter);
            return found == null ? Stream.empty() : Stream.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<String> texts(@Nullable Object property) {
        if (property instanceof Object[] many) {
            return Stream.of(many).map(Object::toString);
        }
        return property instanceof Collection<?> many
                ? many.stream().map(Object::toString)
                : Stream.of(String.valueOf(property));
    }

    private void print(List<String> missing) {
        stopListening();
        once.done();
        SpoolAdmin present = admin;
        String base = context.getProperty(BASE);
        Version version = context.getBundle().getVersion();
        Banner banner = new Banner(
                version.getMajor() + "." + version.getMinor() + "." + version.getMicro(),
                Path.of(base == null ? "" : base).toAbsolutePath().normalize().toString());
        out.print(banner.compose(present == null ? null : present.status(), missing, sinceStart()));
        out.flush();
    }

    private static Duration sinceStart() {
        Instant now = Instant.now();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
    }

    private void stopListening() {
        context.removeServiceListener(services);
        context.removeFrameworkListener(framework);
    }

    @Deactivate
    void deactivate() {
        stopListening();
        watch.close();
    }
}
