package io.spooler.maildir;

import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The settings of the mirror. Immutable.
 *
 * @param directory holds a Maildir for each mailbox
 * @param interval how often flags, moves and deletions are followed
 */
record MirrorSettings(Path directory, Duration interval) {

    static final String PID = "io.spooler.maildir";
    static final String DEFAULT_DIRECTORY = "data/maildir";

    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofDays(1);

    /**
     * Reads a configuration.
     *
     * @param properties of the component
     * @return the settings, with defaults where nothing is set
     * @throws SettingsException naming every wrong or unknown setting
     */
    static MirrorSettings read(Map<String, ?> properties) throws SettingsException {
        Settings settings = Settings.of(PID, properties);
        Path directory = settings.path("directory", DEFAULT_DIRECTORY);
        Duration interval = settings.duration("interval", INTERVAL, LEAST, MOST);
        settings.check();
        return new MirrorSettings(directory, interval);
    }
}
