package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment from the beginning and tells whole records from damage (reliability 1.5). Behind a damaged record
 * it looks for the next mark; marks are keyed, so a content cannot pretend to be one. One thread.
 */
final class SegmentScanner {

    /** Takes what is found. */
    interface Visitor {

        /**
         * A whole record.
         *
         * @param found valid during the call
         * @param position where it stands
         * @return false if its content makes no sense
         */
        boolean record(Journal.Found found, long position);

        /**
         * Octets that are no record, and should be one.
         *
         * @param segment where
         * @param from first octet
         * @param to behind the last octet
         */
        void damaged(Segment segment, long from, long to) throws IOException;
    }

    private static final int WINDOW = 1 << 20;

    private final Segment segment;
    private final long length;
    private final long expected;
    private final Visitor visitor;
    private ByteBuffer window;
    private long windowStart;

    /**
     * Prepares.
     *
     * @param segment to be read
     * @param length of the file
     * @param expected where its last record ends, as the next segment says, or 0 if nobody knows
     * @param visitor takes what is found
     */
    SegmentScanner(Segment segment, long length, long expected, Visitor visitor) {
        this.segment = segment;
        this.length = expected > 0 ? Math.min(expected, length) : length;
        this.expected = expected;
        this.visitor = visitor;
        this.window =
                ByteBuffer.allocateDirect((int) Math.min(WINDOW, this.length)).limit(0);
    }

    /** Reads everything from a record on; the result is the end of the last whole record. */
    long scan(long from) throws IOException {
        long offset = from;
        while (offset < length) {
            Journal.Found found = whole(offset);
            if (found != null && visitor.record(found, Position.of(segment.number(), (int) offset))) {
                offset += found.size();
                continue;
            }
            long next = resync(offset + 8);
            if (next < 0) {
                break;
            }
            visitor.damaged(segment, offset, next);
            offset = next;
        }
        if (offset < expected) {
            visitor.damaged(segment, offset, expected);
            return expected;
        }
        return offset;
    }

    /** Says whether there is a whole record at a place. */
    boolean isWhole(long offset) throws IOException {
        return offset < length && whole(offset) != null;
    }

    /** Says whether there is anything but zeros behind the last record: a torn tail. */
    boolean hasOctetsFrom(long from) throws IOException {
        for (long at = from; at < length; at += WINDOW) {
            ByteBuffer piece = at(at, (int) Math.min(WINDOW, length - at));
            while (piece.remaining() >= Long.BYTES) {
                if (piece.getLong() != 0) {
                    return true;
                }
            }
            while (piece.hasRemaining()) {
                if (piece.get() != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The record at this place; null if there is none, or a damaged one. Valid until the next call. */
    private Journal.@Nullable Found whole(long offset) throws IOException {
        if (!isMark(offset)) {
            return null;
        }
        byte[] front = new byte[Append.HEADER];
        at(offset, Append.HEADER).get(front);
        ByteBuffer fields = ByteBuffer.wrap(front);
        int headSize = fields.getInt(8);
        int bodySize = fields.getInt(12);
        if (headSize < 0 || bodySize < 0 || headSize > Append.MAX_PART || bodySize > Append.MAX_PART) {
            return null;
        }
        int size = Append.padded(Append.HEADER + headSize + bodySize);
        if (offset + size > length) {
            return null;
        }
        ByteBuffer all = at(offset, size);
        ByteBuffer head = all.slice(all.position() + Append.HEADER, headSize);
        CRC32C crc = new CRC32C();
        crc.update(all.slice(all.position() + Append.HEADER + headSize, bodySize));
        boolean whole = (int) crc.getValue() == fields.getInt(16)
                && Append.isWhole(front, 0, head.duplicate(), fields.getInt(20));
        long body = Position.of(segment.number(), (int) offset) + Append.HEADER + headSize;
        return whole ? new Journal.Found(front[4] & 0xFF, head, body, bodySize) : null;
    }

    private boolean isMark(long offset) throws IOException {
        ByteBuffer front = at(offset, Append.HEADER);
        return front.remaining() == Append.HEADER
                && front.getInt(front.position()) == Append.mark(segment.salt(), segment.number(), offset);
    }

    private long resync(long from) throws IOException {
        for (long offset = from; offset + Append.HEADER <= length; offset += 8) {
            if (whole(offset) != null) {
                return offset;
            }
        }
        return -1;
    }

    /** Octets of the file, fewer at its end; position to limit of the result. */
    private ByteBuffer at(long offset, int size) throws IOException {
        if (offset < windowStart || offset + size > windowStart + window.limit()) {
            load(offset, size);
        }
        int start = (int) (offset - windowStart);
        int stop = Math.min(start + size, window.limit());
        return window.duplicate().limit(Math.max(start, stop)).position(Math.min(start, stop));
    }

    private void load(long offset, int size) throws IOException {
        if (size > window.capacity()) {
            window = ByteBuffer.allocateDirect(size);
        }
        windowStart = offset;
        window.clear().limit((int) Math.min(window.capacity(), Math.max(0, length - offset)));
        segment.readFully(window, offset);
        window.flip();
    }
}
