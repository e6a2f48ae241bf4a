package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** A disk in front of another one: tests change what they need. */
public class ForwardingDisk implements Disk {

    private final Disk disk;

    /** In front of {@code disk}. */
    public ForwardingDisk(Disk disk) {
        this.disk = disk;
    }

    @Override
    public Handle create(Path path) throws IOException {
        return disk.create(path);
    }

    @Override
    public Handle reopen(Path path) throws IOException {
        return disk.reopen(path);
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
        disk.delete(path);
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

    /** A file in front of another one. */
    public static class ForwardingHandle implements Handle {

        private final Handle handle;

        /** In front of {@code handle}. */
        public ForwardingHandle(Handle handle) {
            this.handle = handle;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return handle.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return handle.write(source, position);
        }

        @Override
        public void force() throws IOException {
            handle.force();
        }

        @Override
        public void truncate(long size) throws IOException {
            handle.truncate(size);
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
