package io.spooler.testkit;

import io.spooler.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes in the heap as content. Immutable.
 *
 * @param bytes never changed by anybody
 */
@SuppressWarnings("ArrayRecordComponent") // identity is all that is asked of a content
record MemoryContent(byte[] bytes) implements Content {

    static final MemoryContent EMPTY = new MemoryContent(new byte[0]);

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public int read(long position, ByteBuffer target) {
        if (position >= bytes.length) {
            return -1;
        }
        int count = (int) Math.min(target.remaining(), bytes.length - position);
        target.put(bytes, (int) position, count);
        return count;
    }

    MemoryContent behind(byte[] prefix) {
        if (prefix.length == 0) {
            return this;
        }
        byte[] both = new byte[prefix.length + bytes.length];
        System.arraycopy(prefix, 0, both, 0, prefix.length);
        System.arraycopy(bytes, 0, both, prefix.length, bytes.length);
        return new MemoryContent(both);
    }

    /** Collects what is written to a draft; one thread at a time. */
    static final class Buffer {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean closed;

        void write(ByteBuffer source) throws IOException {
            if (closed) {
                throw new IOException("nothing may be written after the end of the content");
            }
            byte[] piece = new byte[source.remaining()];
            source.get(piece);
            bytes.writeBytes(piece);
        }

        long size() {
            return bytes.size();
        }

        /** Says whether this was the first call. */
        boolean close() {
            boolean first = !closed;
            closed = true;
            return first;
        }

        MemoryContent content() {
            return new MemoryContent(bytes.toByteArray());
        }
    }
}
