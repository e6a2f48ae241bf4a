package io.spooler.settings;

import java.util.Map;

/** How people call a configuration: the file it came from, and what stands behind the {@code -} in its name. */
public final class ConfigName {

    private static final String FILE = "felix.fileinstall.filename";
    private static final String PID = "service.pid";

    private ConfigName() {}

    /**
     * The file name, or the PID where it did not come from a file.
     *
     * @param factoryPid PID of the factory
     * @param properties of the component
     * @return a text for logs
     */
    public static String file(String factoryPid, Map<String, ?> properties) {
        Object file = properties.get(FILE);
        if (file != null) {
            return file.toString().replaceFirst(".*/", "");
        }
        Object pid = properties.get(PID);
        return pid == null ? factoryPid : pid.toString();
    }

    /**
     * The name of the instance: {@code NAME} of {@code PID-NAME.cfg} or of {@code PID~NAME}.
     *
     * @param factoryPid PID of the factory
     * @param properties of the component
     * @return the name; {@code default} where there is none
     */
    public static String instance(String factoryPid, Map<String, ?> properties) {
        String name = file(factoryPid, properties);
        if (name.startsWith(factoryPid)) {
            name = name.substring(factoryPid.length()).replaceFirst("\\.(cfg|config)$", "");
        }
        name = name.replaceFirst("^[-~.]", "");
        return name.isEmpty() ? "default" : name;
    }
}
