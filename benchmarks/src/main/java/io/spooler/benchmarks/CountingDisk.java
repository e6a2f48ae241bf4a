package io.spooler.benchmarks;

import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.journal.LocalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The file system, with a count of what is done to the segments of the journal. Any thread. */
final class CountingDisk implements Disk {

    private final Disk disk = new LocalDisk();
    private final AtomicLong forces = new AtomicLong();
    private final AtomicLong forcing = new AtomicLong();
    private final AtomicLong deleted = new AtomicLong();
    private final AtomicLong records = new AtomicLong();

    /** Forces, so far. */
    long forces() {
        return forces.get();
    }

    /** Nanoseconds spent in those. */
    long forcing() {
        return forcing.get();
    }

    /** Octets of records that were written, so far; zeros ahead of them do not count. */
    long records() {
        return records.get();
    }

    /** Octets that were deleted, so far. */
    long deleted() {
        return deleted.get();
    }

    @Override
    public Handle create(Path path) throws IOException {
        return counting(path, disk.create(path));
    }

    @Override
    public Handle reopen(Path path) throws IOException {
        return counting(path, disk.reopen(path));
    }

    private Handle counting(Path path, Handle file) {
        return isSegment(path) ? new Counting(file) : file;
    }

    private static boolean isSegment(Path path) {
        return path.toString().endsWith(".log");
    }

    @Override
    public Handle open(Path path) throws IOException {
        return disk.open(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        disk.forceDirectory(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        disk.createDirectories(directory);
    }

    @Override
    public void delete(Path path) throws IOException {
        long size = isSegment(path) && Files.exists(path) ? Files.size(path) : 0;
        disk.delete(path);
        deleted.addAndGet(size);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        disk.move(from, to);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public long usable(Path directory) throws IOException {
        return disk.usable(directory);
    }

    @Override
    public long capacity(Path directory) throws IOException {
        return disk.capacity(directory);
    }

    /** A segment that is written. */
    private final class Counting implements Handle {

        private final Handle file;

        Counting(Handle file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            boolean zeros = source.remaining() >= Long.BYTES && source.getLong(source.position()) == 0;
            int count = file.write(source, position);
            records.addAndGet(zeros ? 0 : count);
            return count;
        }

        @Override
        public void force() throws IOException {
            long before = System.nanoTime();
            file.force();
            forcing.addAndGet(System.nanoTime() - before);
            forces.incrementAndGet();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
