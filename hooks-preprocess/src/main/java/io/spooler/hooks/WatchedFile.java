package io.spooler.hooks;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file says that people write, read again when it changes. Any thread; looks at the file at most once a second, on
 * the thread of one caller, while the others go on with what it said before.
 *
 * <p>Failures: a wrong or unreadable file is logged and what it said before stays. While no good file was ever read, there
 * is nothing to keep and {@link #value()} throws, so that mail waits and does not go to the wrong people. A missing file
 * says nothing.
 *
 * @param <T> what it says
 */
final class WatchedFile<T> {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
    private static final long INTERVAL = Duration.ofSeconds(1).toNanos();
    private static final long MAX_SIZE = 16L * 1024 * 1024;

    private final Path path;
    private final LongSupplier nanos;
    private final Parser<T> parser;
    private final T nothing;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile State<T> state;

    /**
     * Makes sense of its lines.
     *
     * @param <T> what they say
     */
    @FunctionalInterface
    interface Parser<T> {

        /**
         * Reads all lines.
         *
         * @param lines of the file
         * @return what they say
         * @throws FormatException naming the first wrong line
         */
        T parse(List<String> lines) throws FormatException;
    }

    /** What identifies a version of the file; absent files are all alike. */
    private record Version(
            @Nullable FileTime modified,
            long size,
            @Nullable Object key) {

        static final Version ABSENT = new Version(null, -1, null);
        static final Version UNKNOWN = new Version(null, -2, null);
    }

    /** One of value and problem is there, or both: then the value is of a former version. */
    private record State<T>(
            Version version, @Nullable T value, @Nullable String problem, long looked) {}

    /**
     * Reads the file.
     *
     * @param path of the file
     * @param nanos a clock like {@link System#nanoTime()}
     * @param parser makes sense of its lines
     * @param nothing what a missing file says
     */
    WatchedFile(Path path, LongSupplier nanos, Parser<T> parser, T nothing) {
        this.path = path;
        this.nanos = nanos;
        this.parser = parser;
        this.nothing = nothing;
        this.state = look(null, nanos.getAsLong());
    }

    /**
     * What it says.
     *
     * @return the newest version that is right
     * @throws IOException if there was none yet; says what is wrong
     */
    T value() throws IOException {
        long now = nanos.getAsLong();
        if (now - state.looked >= INTERVAL && looking.compareAndSet(false, true)) {
            try {
                state = look(state, now);
            } finally {
                looking.set(false);
            }
        }
        State<T> present = state;
        if (present.value == null) {
            throw new IOException(present.problem);
        }
        return present.value;
    }

    private State<T> look(@Nullable State<T> former, long now) {
        Version version = Version.UNKNOWN;
        try {
            // Before reading, so that a change while reading is seen the next time.
            version = version();
            if (former != null && former.version.equals(version)) {
                return new State<>(version, former.value, former.problem, now);
            }
            T value = read(version);
            LOG.info("{} is read", path);
            return new State<>(version, value, null, now);
        } catch (IOException | FormatException e) {
            return refuse(former, version, path + ": " + e.getMessage(), now);
        }
    }

    /** Complains once, not every second. */
    private static <T> State<T> refuse(@Nullable State<T> former, Version version, String problem, long now) {
        T kept = former == null ? null : former.value;
        if (former == null || !Objects.equals(former.problem, problem)) {
            LOG.error(
                    "{}; {}", problem, kept == null ? "mail waits until it is put right" : "what it said before stays");
        }
        return new State<>(version, kept, problem, now);
    }

    private Version version() throws IOException {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return new Version(found.lastModifiedTime(), found.size(), found.fileKey());
        } catch (NoSuchFileException e) {
            return Version.ABSENT;
        }
    }

    private T read(Version version) throws IOException, FormatException {
        if (version.equals(Version.ABSENT)) {
            return nothing;
        }
        if (version.size > MAX_SIZE) {
            throw new IOException("larger than " + MAX_SIZE + " bytes");
        }
        try {
            return parser.parse(Files.readAllLines(path));
        } catch (CharacterCodingException e) {
            throw new IOException("is not text in UTF-8", e);
        }
    }
}
