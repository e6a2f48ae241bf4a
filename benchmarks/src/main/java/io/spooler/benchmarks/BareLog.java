package io.spooler.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the disk can do for a store: many threads append octets, and the first that finds nobody forcing forces for all
 * that were appended before. No format, no index, no checks, no thread of its own. Files are made as the store makes
 * its segments: when the last one is full, with their name forced, and filled with zeros ahead, a MiB at a time, where
 * few octets come at once. Any thread. Lock: {@code lock}, around everything but the force.
 */
final class BareLog implements AutoCloseable {

    private static final long SEGMENT = 64L << 20;
    private static final int PIECE = 1 << 20;

    private final Path directory;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(PIECE);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition turn = lock.newCondition();
    private @Nullable FileChannel file;
    private int number;
    private long position;
    private long filled;
    private long sinceFill;
    private long appended;
    private long forced;
    private boolean leading;
    private long forces;
    private long forcing;

    BareLog(Path directory) {
        this.directory = directory;
    }

    /** Appends, and returns once that is on stable storage. */
    void append(ByteBuffer octets) throws IOException {
        lock.lock();
        try {
            write(octets);
            long mine = appended;
            while (forced < mine) {
                if (leading) {
                    turn.awaitUninterruptibly();
                } else {
                    lead();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forces, so far. */
    long forces() {
        lock.lock();
        try {
            return forces;
        } finally {
            lock.unlock();
        }
    }

    /** Nanoseconds spent in those. */
    long forcing() {
        lock.lock();
        try {
            return forcing;
        } finally {
            lock.unlock();
        }
    }

    private void write(ByteBuffer octets) throws IOException {
        int size = octets.remaining();
        FileChannel present = file(size);
        while (octets.hasRemaining()) {
            position += present.write(octets, position);
        }
        sinceFill += size;
        appended += size;
    }

    private FileChannel file(int size) throws IOException {
        // A file that is forced must not be closed.
        while (file != null && position + size > SEGMENT && leading) {
            turn.awaitUninterruptibly();
        }
        FileChannel present = file;
        if (present == null || position + size > SEGMENT) {
            present = next(present);
        }
        return present;
    }

    private FileChannel next(@Nullable FileChannel full) throws IOException {
        if (full != null) {
            full.force(false);
            forces++;
            forced = appended;
            full.close();
        }
        FileChannel fresh = FileChannel.open(
                directory.resolve("bare-" + number++), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
        file = fresh;
        position = 0;
        filled = 0;
        sinceFill = 0;
        return fresh;
    }

    private void lead() throws IOException {
        FileChannel present = Objects.requireNonNull(file);
        fill(present);
        long all = appended;
        long before = System.nanoTime();
        leading = true;
        lock.unlock();
        long spent = 0;
        try {
            present.force(false);
            spent = System.nanoTime() - before;
        } finally {
            lock.lock();
            leading = false;
            forcing += spent;
            turn.signalAll();
        }
        forced = Math.max(forced, all);
        forces++;
    }

    /** As the store's SegmentWriter does. */
    private void fill(FileChannel present) throws IOException {
        long written = sinceFill;
        sinceFill = 0;
        if (position <= filled) {
            return;
        }
        filled = position;
        long end = Math.min(SEGMENT, (position / PIECE + 1) * PIECE);
        if (written > PIECE / 2 || end <= position) {
            return;
        }
        zeros.clear().limit((int) (end - position));
        for (long at = position; zeros.hasRemaining(); ) {
            at += present.write(zeros, at);
        }
        filled = end;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
