package io.spooler.store.file;

import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import io.spooler.store.file.content.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The settings of the store as plain values.
 *
 * @param directory of everything
 * @param limits of messages
 * @param retention how long a finished message can be found
 * @param maxFinished how many of those are kept at most
 * @param segmentSize octets of a journal segment
 * @param minimumFree octets that must be free for new messages to be taken, or {@link #AUTOMATIC}
 * @param quota octets that the store holds at most, or 0 for no limit
 * @param transport name of the store's own transport, or empty for none
 */
public record StoreOptions(
        Path directory,
        Limits limits,
        Duration retention,
        int maxFinished,
        long segmentSize,
        long minimumFree,
        long quota,
        String transport) {

    /** The configuration's name. */
    public static final String PID = "io.spooler.store.file";

    /** A tenth of the disk, 5 GiB at most, and room for one and a half of the largest message at least. */
    public static final long AUTOMATIC = -1;

    private static final long MOST_AUTOMATIC = 5L << 30;
    private static final int PART = 10;
    private static final long KILO = 1024;
    private static final long MEGA = KILO * KILO;

    /**
     * Reads settings; every one has a default.
     *
     * @param properties of the component
     * @return options
     * @throws SettingsException if one is wrong
     */
    public static StoreOptions of(Map<String, ?> properties) throws SettingsException {
        Settings s = Settings.of(PID, properties);
        StoreOptions options = new StoreOptions(
                s.path("directory", "data/spool"),
                new Limits(
                        s.size("max_message_size", 50 * MEGA, KILO, 1024 * 1024 * MEGA),
                        s.integer("max_recipients", 1000, 1, 100_000),
                        (int) s.size("inline_threshold", 128 * KILO, KILO, 4 * MEGA)),
                s.duration("retention", Duration.ofDays(3), Duration.ZERO, Duration.ofDays(3650)),
                s.integer("max_finished", 100_000, 0, 100_000_000),
                s.size("segment_size", 64 * MEGA, MEGA, 1024 * MEGA),
                s.size("minimum_free", AUTOMATIC, 0, 1024 * 1024 * 1024 * MEGA),
                s.size("quota", 0, 0, 1024 * 1024 * 1024 * MEGA),
                transport(s.text("transport", "loopback")));
        s.check();
        return options;
    }

    /** An empty setting is one that is not set, so there is a word for none. */
    private static String transport(String name) {
        return name.equals("none") ? "" : name;
    }

    /**
     * What must stay free.
     *
     * @param capacity octets of the whole disk
     * @return octets; with less, nothing new is taken
     */
    public long floor(long capacity) {
        return minimumFree == AUTOMATIC
                ? Math.max(Math.min(capacity / PART, MOST_AUTOMATIC), limits.messageSize() / 2 * 3)
                : minimumFree;
    }
}
