package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of records through one direct buffer: one system call a batch, as long as it fits. Only the committer
 * uses it: one thread writes at a time, and one forces, perhaps while another one writes. Lock: {@code forced}, around a
 * force and the change to another file.
 *
 * <p>Behind the last record it keeps the file filled with zeros, a piece at a time: a force into space that is there
 * already need not wait for the file system's own journal, and is about twice as fast.
 */
final class SegmentWriter {

    private static final int BUFFER = 1 << 20;
    private static final int LEAST = 4096;
    private static final int PIECE = 1 << 20;
    private static final int LARGE_BATCH = PIECE / 2;

    private final Disk disk;
    private final Path directory;
    private final long limit;
    private final ByteBuffer buffer;
    private volatile Disk.@Nullable Handle file;
    private final Object forced = new Object();
    private @Nullable Segment segment;
    private long flushed;
    private long allocated;
    private final Spare spare;
    private final Runnable outOfRoom;
    private volatile boolean tight;
    private volatile boolean dirty;
    private volatile boolean lost;

    /** {@code outOfRoom} is called when the disk has no more room, before anything is lost by it. */
    SegmentWriter(Disk disk, Path directory, long limit, Spare spare, Runnable outOfRoom) {
        this.spare = spare;
        this.outOfRoom = outOfRoom;
        this.disk = disk;
        this.directory = directory;
        this.limit = limit;
        this.buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER, Math.max(limit, LEAST)));
    }

    /** Writes a batch; not durable yet. */
    void write(List<Append> batch) throws IOException {
        for (Append append : batch) {
            if (append.segment() != segment) {
                open(append.segment());
            }
            append.writeTo(this);
        }
        long before = flushed;
        flush();
        fill(flushed - before);
    }

    /** Buffer with so much room; for small pieces. */
    ByteBuffer room(int size) throws IOException {
        if (buffer.remaining() < size) {
            flush();
        }
        return buffer;
    }

    void put(byte[] octets, int size) throws IOException {
        int from = 0;
        while (from < size) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int count = Math.min(size - from, buffer.remaining());
            buffer.put(octets, from, count);
            from += count;
        }
    }

    private void flush() throws IOException {
        if (buffer.position() == 0) {
            return;
        }
        Disk.Handle present = file;
        if (present == null) {
            throw new IOException("the file was given up");
        }
        buffer.flip();
        int count = buffer.remaining();
        present.writeFully(buffer, flushed);
        dirty = true; // Not before: a force that began meanwhile may have missed it.
        flushed += count;
        buffer.clear();
    }

    private void fill(long written) throws IOException {
        if (flushed <= allocated || file == null) {
            return;
        }
        allocated = flushed;
        long end = Math.min(limit, (flushed / PIECE + 1) * PIECE);
        if (written > LARGE_BATCH || end <= flushed) {
            return; // The cost of a longer file is shared by many records.
        }
        try {
            fill(file, end);
            allocated = end;
        } catch (IOException e) {
            if (!NoSpace.isCauseOf(e)) {
                throw e;
            }
            outOfRoom.run(); // Nothing that was promised is in there.
        } finally {
            buffer.clear();
        }
    }

    private void fill(Disk.Handle target, long end) throws IOException {
        for (long at = flushed; at < end; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            zero();
            target.writeFully(buffer, at);
        }
    }

    /** While the disk is nearly full new segments are made of the reserve. Any thread. */
    void tight(boolean now) {
        tight = now;
    }

    private void zero() {
        while (buffer.remaining() >= Long.BYTES) {
            buffer.putLong(0);
        }
        while (buffer.hasRemaining()) {
            buffer.put((byte) 0);
        }
        buffer.flip();
    }

    /** Makes durable all that was written before the call. */
    void force() throws IOException {
        synchronized (forced) {
            Disk.Handle present = file;
            if (lost) {
                throw new IOException("the file was given up");
            }
            if (dirty && present != null) {
                dirty = false; // What is written from now on may or may not come along.
                lost = true; // Until it has succeeded: nobody forces this file again.
                try {
                    present.force();
                } catch (IOException e) {
                    throw new ForceFailedException(e);
                }
                lost = false;
            }
        }
    }

    /** Ends the present segment, all of it durable, and begins another one. */
    private void open(Segment next) throws IOException {
        flush();
        synchronized (forced) {
            change(next);
        }
        room(SegmentHeader.SIZE).put(next.header().encode());
    }

    private void change(Segment next) throws IOException {
        close();
        Disk.Handle reserve = tight ? spare.take(next.path()) : null;
        allocated = reserve == null ? 0 : spare.size();
        file = reserve == null ? create(next) : reserve;
        segment = next;
        flushed = 0;
        dirty = true;
        // The name first: a force of the file alone does not bring its name back after a power loss.
        disk.forceDirectory(directory);
    }

    /** Everything is durable afterwards. */
    void close() throws IOException {
        flush();
        force();
        if (file != null) {
            file.close();
        }
        file = null;
    }

    private Disk.Handle create(Segment next) throws IOException {
        try {
            return disk.create(next.path());
        } catch (IOException e) {
            Disk.Handle reserve = NoSpace.isCauseOf(e) ? spare.take(next.path()) : null;
            if (reserve == null) {
                throw e;
            }
            outOfRoom.run();
            allocated = spare.size();
            return reserve;
        }
    }

    /** Lets go without another write or force, after a failure. Does not block. */
    void abandon() {
        lost = true;
        Disk.Handle present = file;
        file = null;
        if (present != null) {
            // Waits for whoever is in the middle of a write or force, and a dying disk may never let him go.
            Thread closer = new Thread(() -> close(present), "spooler-store-abandon");
            closer.setDaemon(true);
            closer.start();
        }
    }

    private static void close(Disk.Handle abandoned) {
        try {
            abandoned.close();
        } catch (IOException e) {
            // The failure that led here was reported.
        }
    }
}
