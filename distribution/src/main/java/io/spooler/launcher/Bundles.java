package io.spooler.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/** Installs the jars of a directory, each at its start level, and marks them as to be started. */
final class Bundles {

    private static final String LEVEL = "spooler.startlevel";

    private final BundleContext context;
    private final Map<String, String> config;

    Bundles(BundleContext context, Map<String, String> config) {
        this.context = context;
        this.config = config;
    }

    /**
     * Installs every jar of a directory. The framework must not be active yet: the start levels decide the order.
     *
     * @param directory where the jars are
     * @throws Refusal if there are none, or one is no bundle
     */
    void install(Path directory) throws Refusal {
        List<Path> jars = jars(directory);
        if (jars.isEmpty()) {
            throw new Refusal("no bundles in " + directory + ": the distribution is incomplete");
        }
        for (Path jar : jars) {
            try {
                install(jar, jar.getFileName().toString().replaceFirst("\\.jar$", ""));
            } catch (BundleException e) {
                throw new Refusal("cannot install " + jar + ": " + e);
            }
        }
    }

    private static List<Path> jars(Path directory) throws Refusal {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            throw new Refusal("cannot list " + directory + ": " + e);
        }
    }

    private void install(Path jar, String name) throws BundleException {
        Bundle bundle = context.installBundle(jar.toUri().toString());
        String level = config.getOrDefault(LEVEL + '.' + name, config.getOrDefault(LEVEL, "1"));
        bundle.adapt(BundleStartLevel.class).setStartLevel(Integer.parseInt(level));
        if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null) {
            bundle.start(Bundle.START_ACTIVATION_POLICY);
        }
    }
}
