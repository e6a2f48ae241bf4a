package io.spooler.smtp.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** Input that has come and is not used yet. Owns its buffer. One thread. */
final class Backlog {

    private final ByteBufAllocator allocator;
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;

    Backlog(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** Takes a buffer over; in the usual case, with nothing left over, without a copy. */
    void add(ByteBuf more) {
        ByteBuf all = more;
        if (buffer.isReadable()) {
            all = allocator.buffer(buffer.readableBytes() + more.readableBytes());
            all.writeBytes(buffer).writeBytes(more);
            more.release();
        }
        release();
        buffer = all;
    }

    boolean isEmpty() {
        return !buffer.isReadable();
    }

    /** To be read from. */
    ByteBuf buffer() {
        return buffer;
    }

    void drop() {
        buffer.skipBytes(buffer.readableBytes());
    }

    void releaseIfEmpty() {
        if (isEmpty()) {
            release();
        }
    }

    void release() {
        ByteBuf used = buffer;
        buffer = Unpooled.EMPTY_BUFFER;
        used.release();
    }
}
