package io.spooler.store.file;

import io.spooler.store.file.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A disk that ends: so many octets and so many files, and what somebody else has put there. Thread-safe. */
final class FullDisk implements Disk {

    private static final String FULL = "No space left on device";

    private final Disk disk;
    private final long capacity;
    private final Set<Path> names = new HashSet<>();
    private long used;
    private long ballast;
    private int mostFiles = Integer.MAX_VALUE;

    FullDisk(Disk disk, long capacity) {
        this.disk = disk;
        this.capacity = capacity;
    }

    /** Somebody else takes what is free, but for so many octets. */
    synchronized void leave(long octets) {
        ballast = Math.max(0, capacity - used - octets);
    }

    /** Somebody else takes all inodes that are free. */
    synchronized void takeInodes() {
        mostFiles = names.size();
    }

    /** What somebody else has put there is gone. */
    synchronized void clear() {
        ballast = 0;
        mostFiles = Integer.MAX_VALUE;
    }

    @Override
    public synchronized Handle create(Path path) throws IOException {
        if (names.size() >= mostFiles) {
            throw new IOException(FULL);
        }
        Handle handle = disk.create(path);
        names.add(path);
        return new FullHandle(handle);
    }

    @Override
    public Handle open(Path path) throws IOException {
        return disk.open(path);
    }

    @Override
    public Handle reopen(Path path) throws IOException {
        return new FullHandle(disk.reopen(path));
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
    public synchronized void delete(Path path) throws IOException {
        if (names.remove(path)) {
            used -= size(path);
            disk.delete(path);
        }
    }

    private long size(Path path) throws IOException {
        try (Handle file = disk.open(path)) {
            return file.size();
        }
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        delete(to);
        disk.move(from, to);
        names.remove(from);
        names.add(to);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public synchronized long usable(Path directory) {
        return Math.max(0, capacity - used - ballast);
    }

    @Override
    public long capacity(Path directory) {
        return capacity;
    }

    private final class FullHandle implements Handle {

        private final Handle handle;

        FullHandle(Handle handle) {
            this.handle = handle;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return handle.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            synchronized (FullDisk.this) {
                long growth = Math.max(0, position + source.remaining() - handle.size());
                if (growth > capacity - used - ballast && growth > 0) {
                    throw new IOException(FULL);
                }
                used += growth;
                return handle.write(source, position);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (FullDisk.this) {
                used -= Math.max(0, handle.size() - size);
                handle.truncate(size);
            }
        }

        @Override
        public void force() throws IOException {
            handle.force();
        }

        @Override
        public long size() throws IOException {
            return handle.size();
        }

        @Override
        public void close() throws IOException {
            handle.close();
        }
    }
}
