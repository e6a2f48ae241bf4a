package io.spooler.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** Makes the framework's properties from {@code lib/framework.properties}, the directories and the system properties. */
final class Settings {

    private final Path home;
    private final Path base;

    Settings(Path home, Path base) {
        this.home = home;
        this.base = base;
    }

    /**
     * Reads the properties.
     *
     * @return framework properties
     * @throws Refusal if the distribution's own file cannot be read
     */
    Map<String, String> framework() throws Refusal {
        Properties file = new Properties();
        Path path = home.resolve("lib/framework.properties");
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            file.load(reader);
        } catch (IOException e) {
            throw new Refusal("cannot read " + path + ": " + e);
        }
        Map<String, String> config = new HashMap<>();
        for (String key : file.stringPropertyNames()) {
            config.put(key, System.getProperty(key, file.getProperty(key)));
        }
        Path own = base.resolve("etc/logback.xml");
        Path logging = Files.isReadable(own) ? own : home.resolve("lib/logback.xml");
        config.put("org.ops4j.pax.logging.StaticLogbackFile", logging.toString());
        config.put("gosh.home", home.resolve("lib/gosh").toString());
        config.put("spooler.banner", "true");
        boolean deploy = deployIsSafe();
        config.put("felix.fileinstall.dir", deploy ? "etc," + home.resolve("lib/watch") : "etc");
        if (!deploy) {
            System.err.println("ERROR: " + base.resolve("deploy") + " is not watched, because others than its owner may"
                    + " write to it; cure: chmod go-w " + base.resolve("deploy"));
        }
        return config;
    }

    /** Whoever can write to {@code deploy/} runs code as this user: no group, nor everybody, may. */
    private boolean deployIsSafe() throws Refusal {
        Path deploy = base.resolve("deploy");
        PosixFileAttributeView view = Files.getFileAttributeView(deploy, PosixFileAttributeView.class);
        if (view == null || !Files.exists(deploy)) {
            return true;
        }
        try {
            Set<PosixFilePermission> rights = view.readAttributes().permissions();
            return !rights.contains(PosixFilePermission.GROUP_WRITE)
                    && !rights.contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException e) {
            throw new Refusal("cannot read the rights of " + deploy + ": " + e);
        }
    }
}
