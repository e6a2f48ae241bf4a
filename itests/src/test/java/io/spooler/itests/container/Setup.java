package io.spooler.itests.container;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ops4j.pax.exam.Option;

/** The bundles of the distribution, by name and start level, for a framework inside the test. */
final class Setup {

    static final Path BUNDLES = Path.of(System.getProperty("spooler.home")).resolve("bundle");

    private static final int LOGGING = 1;
    private static final int PLATFORM = 2;
    private static final int COMPONENTS = 3;
    private static final int SETTINGS = 4;
    private static final int LIBRARIES = 5;
    private static final int OURS = 20;
    private static final int ALL = 100;

    private Setup() {}

    /** Where a bundle of the distribution is. */
    static String location(String name) {
        Path jar = BUNDLES.resolve(name + ".jar").toAbsolutePath().normalize();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is missing: build the distribution first");
        }
        return jar.toUri().toString();
    }

    private static Option at(int level, String... names) {
        Option[] options = new Option[names.length];
        for (int i = 0; i < names.length; i++) {
            options[i] = bundle(location(names[i])).startLevel(level);
        }
        return composite(options);
    }

    /** An instance without any transport: its files in a new directory, which the system property names. */
    static Option spooler(String... more) throws IOException {
        Path base = Files.createTempDirectory(Path.of("target"), "container").toAbsolutePath();
        Path etc = Files.createDirectory(base.resolve("etc"));
        Files.writeString(etc.resolve("io.spooler.store.file.cfg"), "directory=" + base.resolve("spool") + "\n");
        Files.writeString(etc.resolve("io.spooler.core.cfg"), "retry_first=1s\nretry_longest=2s\nrest_longest=1s\n");
        return composite(
                junitBundles(),
                systemProperty("spooler.itests.base").value(base.toString()),
                frameworkStartLevel(ALL),
                frameworkProperty("felix.fileinstall.dir").value(etc.toString()),
                frameworkProperty("felix.fileinstall.filter").value(".*\\.cfg"),
                frameworkProperty("felix.fileinstall.noInitialDelay").value("true"),
                frameworkProperty("felix.fileinstall.enableConfigSave").value("false"),
                frameworkProperty("felix.fileinstall.poll").value("200"),
                frameworkProperty("org.ops4j.pax.logging.DefaultServiceLog.level")
                        .value("ERROR"),
                // The libraries of the test itself come from its class path.
                systemPackages("org.assertj.core.api", "io.spooler.testkit.smtp"),
                at(LOGGING, "pax-logging-api", "pax-logging-logback"),
                at(PLATFORM, "org.apache.felix.configadmin", "org.apache.felix.eventadmin"),
                at(PLATFORM, "org.apache.felix.metatype"),
                at(LIBRARIES, "org.osgi.util.function", "org.osgi.util.promise", "org.osgi.service.component"),
                at(COMPONENTS, "org.apache.felix.scr"),
                at(SETTINGS, "org.apache.felix.fileinstall"),
                at(LIBRARIES, "netty-common", "netty-buffer", "netty-resolver", "netty-transport"),
                at(LIBRARIES, "netty-codec-base", "netty-handler"),
                at(LIBRARIES, "netty-transport-native-unix-common", "netty-transport-classes-epoll"),
                at(LIBRARIES, "apache-mime4j-core", "commons-io"),
                at(OURS, "spooler-api", "spooler-core", "store-file"),
                at(OURS, more));
    }

    /** A smart host for everything. */
    static void smartHost(int port) throws IOException {
        etc("io.spooler.smtp.client-peer.cfg", "host=127.0.0.1\nport=" + port + "\npatterns=*\ntls=none");
    }

    /** A listener on a free port that takes any name of {@code spooler.local}. */
    static void listener() throws IOException {
        etc(
                "io.spooler.smtp.listener-test.cfg",
                "port=0\nlocal_domains=spooler.local\nunchecked_domains=spooler.local");
    }

    private static void etc(String name, String text) throws IOException {
        Path base = Path.of(System.getProperty("spooler.itests.base"));
        Path draft = Files.writeString(base.resolve(name), text + "\n");
        Files.move(draft, base.resolve("etc").resolve(name));
    }
}
