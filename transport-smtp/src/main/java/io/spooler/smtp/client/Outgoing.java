package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.spooler.Content;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of one message on its way out. A small one is read and made ready in one go; a large one is read twice,
 * first in search of 8-bit octets, because MAIL must tell of them, then piece by piece as the channel takes it. Belongs
 * to one event loop; reads there, from the page cache as a rule.
 */
final class Outgoing {

    /** Up to this size a message is held in memory between MAIL and the reply to DATA. */
    static final int SMALL = 128 * 1024;

    private static final int PIECE = 64 * 1024;
    private static final int SCAN_PER_TURN = 1024 * 1024;

    private final Content content;
    private final long size;
    private final ByteBufAllocator memory;
    private final DotStuffer stuffer = new DotStuffer();
    private long position;
    private boolean eightBit;
    private @Nullable ByteBuf ready;

    Outgoing(Content content, ByteBufAllocator memory) {
        this.content = content;
        this.size = content.size();
        this.memory = memory;
    }

    long size() {
        return size;
    }

    /** Valid once prepared. */
    boolean isEightBit() {
        return eightBit;
    }

    /**
     * Does a bounded part of the work that must be done before MAIL.
     *
     * @return true if nothing is left of it
     * @throws IOException if the content cannot be read
     */
    boolean prepare() throws IOException {
        if (size <= SMALL) {
            ByteBuf out = memory.ioBuffer((int) size + (int) size / 32 + 64);
            ready = out;
            while (position < size) {
                piece(out);
            }
            stuffer.finish(out);
            eightBit = stuffer.sawEightBit();
            return true;
        }
        long stop = Math.min(size, position + SCAN_PER_TURN);
        while (position < stop && !eightBit) {
            eightBit = scan();
        }
        if (eightBit || position >= size) {
            position = 0;
            return true;
        }
        return false;
    }

    /**
     * Writes as much as the channel wants now; the caller flushes.
     *
     * @param channel where to
     * @return true once the final dot was written
     * @throws IOException if the content cannot be read
     */
    boolean write(Channel channel) throws IOException {
        ByteBuf prepared = ready;
        if (prepared != null) {
            ready = null;
            channel.write(prepared);
            return true;
        }
        while (position < size && channel.isWritable()) {
            channel.write(nextPiece());
        }
        return position >= size;
    }

    private ByteBuf nextPiece() throws IOException {
        ByteBuf out = memory.ioBuffer(PIECE + PIECE / 32);
        try {
            // A content may give little at a time; a buffer for each little would take far more room than it holds.
            do {
                piece(out);
            } while (position < size && out.readableBytes() < PIECE / 2);
            if (position >= size) {
                stuffer.finish(out);
            }
            return out;
        } catch (IOException | RuntimeException e) {
            out.release();
            throw e;
        }
    }

    private void piece(ByteBuf out) throws IOException {
        ByteBuf raw = memory.heapBuffer(PIECE, PIECE);
        try {
            int count = read(raw);
            stuffer.feed(raw.array(), raw.arrayOffset(), raw.arrayOffset() + count, out);
        } finally {
            raw.release();
        }
    }

    private boolean scan() throws IOException {
        ByteBuf raw = memory.heapBuffer(PIECE, PIECE);
        try {
            int count = read(raw);
            byte[] array = raw.array();
            int bits = 0;
            for (int i = raw.arrayOffset(); i < raw.arrayOffset() + count; i++) {
                bits |= array[i];
            }
            return bits < 0;
        } finally {
            raw.release();
        }
    }

    private int read(ByteBuf raw) throws IOException {
        int wanted = (int) Math.min(PIECE, size - position);
        int count = content.read(position, ByteBuffer.wrap(raw.array(), raw.arrayOffset(), wanted));
        if (count <= 0) {
            // Never to be taken for the end: half a message must not be ended by a dot.
            throw new EOFException("content ends at " + position + " of " + size + " octets");
        }
        position += count;
        return count;
    }

    /** Gives back what was not sent. */
    void release() {
        ByteBuf unsent = ready;
        ready = null;
        if (unsent != null) {
            unsent.release();
        }
    }
}
