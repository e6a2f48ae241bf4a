package io.spooler.pickup;

import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The settings of the pickup directory. Immutable.
 *
 * @param directory where messages are put
 * @param interval how often it is looked into
 */
record PickupSettings(Path directory, Duration interval) {

    static final String PID = "io.spooler.pickup";
    static final String NAME = "pickup";
    static final String DEFAULT_DIRECTORY = "data/pickup";

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofHours(1);

    /**
     * Reads a configuration.
     *
     * @param properties of the component
     * @return the settings, with defaults where nothing is set
     * @throws SettingsException naming every wrong or unknown setting
     */
    static PickupSettings read(Map<String, ?> properties) throws SettingsException {
        Settings settings = Settings.of(PID, properties);
        Path directory = settings.path("directory", DEFAULT_DIRECTORY);
        Duration interval = settings.duration("interval", INTERVAL, LEAST, MOST);
        settings.check();
        return new PickupSettings(directory, interval);
    }
}
