package io.spooler.store.file;

import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.journal.ForwardingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** A disk that ends: so many octets and so many files, and what somebody else has put there. Thread-safe. */
final class FullDisk extends ForwardingDisk {

    private static final String FULL = "No space left on device";

    private final long capacity;
    private final Set<Path> names = new HashSet<>();
    private long used;
    private long ballast;
    private int mostFiles = Integer.MAX_VALUE;

    FullDisk(Disk disk, long capacity) {
        super(disk);
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
        Handle handle = super.create(path);
        names.add(path);
        return new FullHandle(handle);
    }

    @Override
    public Handle reopen(Path path) throws IOException {
        return new FullHandle(super.reopen(path));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        if (names.remove(path)) {
            used -= size(path);
            super.delete(path);
        }
    }

    private long size(Path path) throws IOException {
        try (Handle file = open(path)) {
            return file.size();
        }
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        delete(to);
        super.move(from, to);
        names.remove(from);
        names.add(to);
    }

    @Override
    public synchronized long usable(Path directory) {
        return Math.max(0, capacity - used - ballast);
    }

    @Override
    public long capacity(Path directory) {
        return capacity;
    }

    private final class FullHandle extends ForwardingHandle {

        FullHandle(Handle handle) {
            super(handle);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            synchronized (FullDisk.this) {
                long growth = Math.max(0, position + source.remaining() - size());
                if (growth > capacity - used - ballast && growth > 0) {
                    throw new IOException(FULL);
                }
                used += growth;
                return super.write(source, position);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (FullDisk.this) {
                used -= Math.max(0, size() - size);
                super.truncate(size);
            }
        }
    }
}
