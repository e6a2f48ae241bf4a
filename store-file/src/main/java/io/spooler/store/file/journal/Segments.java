package io.spooler.store.file.journal;

import io.spooler.store.file.journal.Journal.Found;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The segments that are there, by number, and the records in them. Any thread. */
final class Segments {

    private static final int FIRST_READ = 1024;

    private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();

    void add(Segment segment) {
        segments.put(segment.number(), segment);
    }

    void remove(Segment segment) {
        segments.remove(segment.number());
    }

    void close() {
        segments.values().forEach(Segment::close);
    }

    /** Oldest first; a live view. */
    Collection<Segment> before(long number) {
        return segments.headMap(number, false).values();
    }

    boolean holds(long position) {
        return segments.containsKey(Position.segment(position));
    }

    boolean isBehindTheOldest(long position) {
        return !segments.isEmpty() && Position.segment(position) > segments.firstKey();
    }

    Segment at(long position) throws IOException {
        Segment segment = segments.get(Position.segment(position));
        if (segment == null) {
            throw new IOException("the segment is gone: " + Position.text(position));
        }
        return segment;
    }

    /** The head of a record, checked; one read for most. */
    Found read(long position) throws IOException {
        ByteBuffer octets = octets(position, FIRST_READ);
        Found found = among(octets, 0, position);
        if (found == null && isMarked(octets, 0, position)) {
            int headSize = octets.getInt(8);
            found = headSize > FIRST_READ - Append.HEADER && headSize <= Append.MAX_PART
                    ? among(octets(position, Append.HEADER + headSize), 0, position)
                    : null;
        }
        if (found == null) {
            throw new DamagedRecordException("no record, or a damaged one", position);
        }
        return found;
    }

    private ByteBuffer octets(long position, int count) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(count);
        read(position, octets);
        return octets.flip();
    }

    /** The same, of octets that were read before, with an array; null if it is not whole in there. */
    @Nullable
    Found among(ByteBuffer octets, int at, long position) throws IOException {
        if (!isMarked(octets, at, position)) {
            return null;
        }
        int headSize = octets.getInt(at + 8);
        if (headSize < 0 || headSize > octets.limit() - at - Append.HEADER) {
            return null;
        }
        ByteBuffer head = ByteBuffer.allocate(headSize).put(0, octets, at + Append.HEADER, headSize);
        return Append.isWhole(octets.array(), octets.arrayOffset() + at, head, octets.getInt(at + 20))
                ? new Found(
                        octets.get(at + 4) & 0xFF, head, position + Append.HEADER + headSize, octets.getInt(at + 12))
                : null;
    }

    private boolean isMarked(ByteBuffer octets, int at, long position) throws IOException {
        Segment segment = at(position);
        return octets.limit() - at >= Append.HEADER
                && octets.getInt(at) == Append.mark(segment.salt(), segment.number(), Position.offset(position));
    }

    /** Octets from a place on, written or not; fewer if the file ends. */
    void read(long position, ByteBuffer target) throws IOException {
        at(position).readFully(target, Position.offset(position));
    }

    /** The octets of a record as they stand, whole or not; fewer if the file ends. */
    ByteBuffer raw(long position, int size) throws IOException {
        return octets(position, size);
    }
}
