package io.spooler.hooks;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The aliases or lists of a file, read again when it changes. Any thread; looks at the file at most once a second, on the thread
 * of one caller, while the others go on with the former aliases.
 *
 * <p>Failures: a wrong or unreadable file is logged and the former aliases stay. While no good file was ever read, there
 * is nothing to keep and {@link #table()} throws, so that mail waits and does not go to the wrong people. A missing file
 * means no aliases.
 */
final class AliasFile {

    private static final Logger LOG = LoggerFactory.getLogger(AliasFile.class);
    private static final long INTERVAL = Duration.ofSeconds(1).toNanos();
    private static final long MAX_SIZE = 16L * 1024 * 1024;

    private final Path path;
    private final LongSupplier nanos;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile State state;

    /** What identifies a version of the file; absent files are all alike. */
    private record Version(
            @Nullable FileTime modified,
            long size,
            @Nullable Object key) {

        static final Version ABSENT = new Version(null, -1, null);
        static final Version UNKNOWN = new Version(null, -2, null);
    }

    /** One of table and problem is there, or both: then the table is of a former version. */
    private record State(
            Version version,
            @Nullable AliasTable table,
            @Nullable String problem,
            long looked) {}

    /**
     * Reads the file.
     *
     * @param path of the file
     * @param nanos a clock like {@link System#nanoTime()}
     */
    AliasFile(Path path, LongSupplier nanos) {
        this.path = path;
        this.nanos = nanos;
        this.state = look(null, nanos.getAsLong());
    }

    /**
     * The aliases.
     *
     * @return of the newest version that is right
     * @throws IOException if there was none yet; says what is wrong
     */
    AliasTable table() throws IOException {
        long now = nanos.getAsLong();
        if (now - state.looked >= INTERVAL && looking.compareAndSet(false, true)) {
            try {
                state = look(state, now);
            } finally {
                looking.set(false);
            }
        }
        State present = state;
        if (present.table == null) {
            throw new IOException(present.problem);
        }
        return present.table;
    }

    private State look(@Nullable State former, long now) {
        Version version = Version.UNKNOWN;
        try {
            // Before reading, so that a change while reading is seen the next time.
            version = version();
            if (former != null && former.version.equals(version)) {
                return new State(version, former.table, former.problem, now);
            }
            AliasTable table = read(version);
            LOG.info("{}: {} names", path, table.targets().size());
            return new State(version, table, null, now);
        } catch (IOException | AliasFormatException e) {
            return refuse(former, version, path + ": " + e.getMessage(), now);
        }
    }

    /** Complains once, not every second. */
    private static State refuse(@Nullable State former, Version version, String problem, long now) {
        AliasTable kept = former == null ? null : former.table;
        if (former == null || !Objects.equals(former.problem, problem)) {
            LOG.error(
                    "{}; {}",
                    problem,
                    kept == null ? "mail for its names waits until it is put right" : "the former names stay");
        }
        return new State(version, kept, problem, now);
    }

    private Version version() throws IOException {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return new Version(found.lastModifiedTime(), found.size(), found.fileKey());
        } catch (NoSuchFileException e) {
            return Version.ABSENT;
        }
    }

    private AliasTable read(Version version) throws IOException, AliasFormatException {
        if (version.equals(Version.ABSENT)) {
            return AliasTable.EMPTY;
        }
        if (version.size > MAX_SIZE) {
            throw new IOException("larger than " + MAX_SIZE + " bytes");
        }
        try {
            return AliasParser.parse(Files.readAllLines(path));
        } catch (CharacterCodingException e) {
            throw new IOException("is not text in UTF-8", e);
        }
    }
}
