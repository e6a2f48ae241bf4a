package io.spooler.store.file.maintain;

import io.spooler.SpoolId;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.journal.Position;
import io.spooler.store.file.journal.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads contents to their end and compares their sums with those they had. Holds the segments open. One thread. */
final class Sums implements AutoCloseable {

    private static final int CHUNK = 64 * 1024;

    /** How a content is. */
    enum Verdict {
        RIGHT,
        MISSING,
        CUT,
        WRONG
    }

    /** Reads octets of one content. */
    @FunctionalInterface
    private interface Source {
        int read(ByteBuffer target, long position) throws IOException;
    }

    private final Disk disk;
    private final Path contents;
    private final Map<Long, Segment> segments = new HashMap<>();
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);

    /**
     * Prepares.
     *
     * @param disk where
     * @param contents directory of the large ones
     */
    Sums(Disk disk, Path contents) {
        this.disk = disk;
        this.contents = contents;
    }

    /** Contents may be in here. */
    void add(Segment segment) {
        segments.put(segment.number(), segment);
    }

    Verdict of(ContentRef ref) {
        SpoolId file = ref.file();
        try {
            return file == null ? inJournal(ref) : inFile(ref, file);
        } catch (NoSuchFileException e) {
            return Verdict.MISSING;
        } catch (IOException e) {
            return Verdict.CUT;
        }
    }

    private Verdict inJournal(ContentRef ref) throws IOException {
        @Nullable Segment segment = segments.get(Position.segment(ref.position()));
        if (segment == null) {
            return Verdict.MISSING;
        }
        return compare(ref, (target, at) -> segment.read(target, Position.offset(ref.position()) + at));
    }

    private Verdict inFile(ContentRef ref, SpoolId name) throws IOException {
        try (Disk.Handle file = disk.open(contents.resolve(name.toString()))) {
            return file.size() == ref.size() ? compare(ref, file::read) : Verdict.CUT;
        }
    }

    private Verdict compare(ContentRef ref, Source source) throws IOException {
        CRC32C crc = new CRC32C();
        for (long at = 0; at < ref.size(); at += chunk.limit()) {
            chunk.clear().limit((int) Math.min(CHUNK, ref.size() - at));
            if (source.read(chunk, at) <= 0) {
                return Verdict.CUT;
            }
            crc.update(chunk.flip());
        }
        return (int) crc.getValue() == ref.crc() ? Verdict.RIGHT : Verdict.WRONG;
    }

    @Override
    public void close() {
        segments.values().forEach(Segment::close);
    }
}
