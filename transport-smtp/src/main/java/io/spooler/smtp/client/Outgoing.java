package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.util.concurrent.FastThreadLocal;
import io.spooler.Content;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of one message on its way out, behind DATA or in chunks (RFC 3030). A small one is read and made ready in
 * one go; a large one is read twice, first to know what is in it, because MAIL must tell of that, then piece by piece as the
 * channel takes it. Belongs to one event loop; reads there, from the page cache as a rule.
 */
final class Outgoing {

    /** Up to this size a message is held in memory between MAIL and the reply to DATA. */
    static final int SMALL = 128 * 1024;

    private static final int PIECE = 64 * 1024;
    private static final int SCAN_PER_TURN = 1024 * 1024;

    /** What was read and is to be stuffed. One per event loop, gone with its thread. */
    private static final FastThreadLocal<byte[]> SCRATCH_OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[PIECE];
        }
    };

    private final Content content;
    private final long size;
    private final ByteBufAllocator memory;
    private final boolean chunked;
    private DotStuffer stuffer;
    private DotStuffer prepared;
    private long position;
    private int chunks;
    private @Nullable ByteBuf ready;

    /**
     * Reads nothing yet.
     *
     * @param content what to send
     * @param chunked whether it goes by BDAT
     * @param memory for buffers
     */
    Outgoing(Content content, boolean chunked, ByteBufAllocator memory) {
        this.content = content;
        this.chunked = chunked;
        this.stuffer = new DotStuffer(!chunked);
        this.prepared = stuffer;
        this.size = content.size();
        this.memory = memory;
    }

    /** Octets as they are stored. */
    long size() {
        return size;
    }

    /** Octets as they are sent, each line with its end, as SIZE counts them (RFC 1870 section 4). Valid once prepared. */
    long sentSize() {
        return size + prepared.added();
    }

    /** Whether it has octets beyond 127. Valid once prepared. */
    boolean isEightBit() {
        return prepared.sawEightBit();
    }

    /** Whether its header has. Valid once prepared. */
    boolean hasEightBitHeader() {
        return prepared.sawEightBitHeader();
    }

    /** Whether it has a CR that ends no line. Valid once prepared. */
    boolean hasBareCr() {
        return prepared.sawBareCr();
    }

    /** How many BDAT commands were written: so many replies are due. */
    int chunks() {
        return chunks;
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
            return true;
        }
        scan(Math.min(size, position + SCAN_PER_TURN));
        if (position < size) {
            return false;
        }
        position = 0;
        stuffer = new DotStuffer(!chunked);
        return true;
    }

    private void scan(long stop) throws IOException {
        ByteBuf unused = memory.heapBuffer(PIECE + PIECE / 32);
        try {
            while (position < stop) {
                piece(unused.clear());
            }
            if (position >= size) {
                stuffer.finish(unused);
            }
        } finally {
            unused.release();
        }
    }

    /**
     * Writes as much as the channel wants now; the caller flushes.
     *
     * @param channel where to
     * @return true once the final dot or the last chunk was written
     * @throws IOException if the content cannot be read
     */
    boolean write(Channel channel) throws IOException {
        ByteBuf whole = ready;
        if (whole != null) {
            ready = null;
            send(channel, whole);
            return true;
        }
        while (position < size && channel.isWritable()) {
            send(channel, nextPiece());
        }
        return position >= size;
    }

    private void send(Channel channel, ByteBuf piece) {
        if (chunked) {
            chunks++;
            ByteBuf command = memory.ioBuffer(32);
            Commands.line(command, "BDAT " + piece.readableBytes() + (position >= size ? " LAST" : ""));
            channel.write(command);
        }
        channel.write(piece);
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
        byte[] scratch = SCRATCH_OF_LOOP.get();
        stuffer.feed(scratch, 0, read(scratch), out);
    }

    private int read(byte[] scratch) throws IOException {
        int wanted = (int) Math.min(PIECE, size - position);
        int count = content.read(position, ByteBuffer.wrap(scratch, 0, wanted));
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
