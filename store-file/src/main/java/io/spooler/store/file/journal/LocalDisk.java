package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The file system of this machine. */
public final class LocalDisk implements Disk {

    @Override
    public Handle create(Path path) throws IOException {
        return new Writer(FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ));
    }

    @Override
    public Handle reopen(Path path) throws IOException {
        return new Writer(FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.READ));
    }

    @Override
    public Handle open(Path path) throws IOException {
        return new Reader(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @Override
    public long usable(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public long capacity(Path directory) throws IOException {
        return Files.getFileStore(directory).getTotalSpace();
    }

    /** A file that one owner writes. */
    private static final class Writer implements Handle {

        private final FileChannel channel;

        Writer(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return channel.write(source, position);
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /**
     * A file that many threads read. An interrupt of a thread that reads closes a FileChannel for all of them; so it is
     * opened again, and the interrupted thread keeps its mark. Lock: this object, around opening and closing.
     */
    private static final class Reader implements Handle {

        private final Path path;
        private volatile FileChannel channel;
        private boolean closed;

        Reader(Path path) throws IOException {
            this.path = path;
            this.channel = FileChannel.open(path, StandardOpenOption.READ);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            boolean interrupted = Thread.interrupted();
            try {
                while (true) {
                    FileChannel present = channel;
                    try {
                        return present.read(target, position);
                    } catch (ClosedByInterruptException e) {
                        interrupted |= Thread.interrupted();
                        reopen(present, e);
                    } catch (ClosedChannelException e) {
                        reopen(present, e);
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private synchronized void reopen(FileChannel broken, IOException cause) throws IOException {
            if (closed) {
                throw cause;
            }
            if (channel == broken) {
                channel = FileChannel.open(path, StandardOpenOption.READ);
            }
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            throw new IOException("open for reading only: " + path);
        }

        @Override
        public void truncate(long size) throws IOException {
            throw new IOException("open for reading only: " + path);
        }

        @Override
        public void force() {
            // Nothing was written.
        }

        @Override
        public long size() throws IOException {
            return Files.size(path);
        }

        @Override
        public synchronized void close() throws IOException {
            closed = true;
            channel.close();
        }
    }
}
