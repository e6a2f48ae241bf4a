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
        Segment segment = at(position);
        int offset = Position.offset(position);
        ByteBuffer first = ByteBuffer.allocate(FIRST_READ);
        segment.readFully(first, offset);
        first.flip();
        if (first.limit() < Append.HEADER || first.getInt(0) != Append.mark(segment.salt(), segment.number(), offset)) {
            throw new DamagedRecordException("no record", position);
        }
        int headSize = first.getInt(8);
        if (headSize < 0 || headSize > Append.MAX_PART) {
            throw new DamagedRecordException("damaged record", position);
        }
        ByteBuffer head = ByteBuffer.allocate(headSize);
        int here = Math.min(headSize, first.limit() - Append.HEADER);
        head.put(first.slice(Append.HEADER, here));
        segment.readFully(head, offset + (long) Append.HEADER + here);
        if (head.hasRemaining() || !Append.isWhole(first.array(), 0, head.flip(), first.getInt(20))) {
            throw new DamagedRecordException("damaged record", position);
        }
        return new Found(first.get(4) & 0xFF, head, position + Append.HEADER + headSize, first.getInt(12));
    }

    /** The same, of octets that were read before, with an array; null if it is not whole in there. */
    @Nullable
    Found among(ByteBuffer octets, int at, long position) throws IOException {
        int left = octets.limit() - at - Append.HEADER;
        Segment segment = at(position);
        if (left < 0 || octets.getInt(at) != Append.mark(segment.salt(), segment.number(), Position.offset(position))) {
            return null;
        }
        int headSize = octets.getInt(at + 8);
        if (headSize < 0 || headSize > left) {
            return null;
        }
        ByteBuffer head = ByteBuffer.allocate(headSize).put(0, octets, at + Append.HEADER, headSize);
        return Append.isWhole(octets.array(), octets.arrayOffset() + at, head, octets.getInt(at + 20))
                ? new Found(
                        octets.get(at + 4) & 0xFF, head, position + Append.HEADER + headSize, octets.getInt(at + 12))
                : null;
    }

    /** Octets from a place on, written or not; fewer if the file ends. */
    void read(long position, ByteBuffer target) throws IOException {
        at(position).readFully(target, Position.offset(position));
    }

    /** The octets of a record as they stand, whole or not; fewer if the file ends. */
    ByteBuffer raw(long position, int size) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(size);
        at(position).readFully(octets, Position.offset(position));
        return octets.flip();
    }
}
