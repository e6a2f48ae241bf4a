package io.spooler.store.file;

import io.spooler.store.file.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files in the heap; tells a log of everything that changes them, in the order in which it happens. Thread-safe. */
final class MemoryDisk implements Disk {

    /** Learns of each change, under the lock of the disk. */
    interface Log {

        /** Hears nothing. */
        Log NONE = operation -> {};

        /**
         * Something has changed.
         *
         * @param operation what
         */
        void add(Operation operation);
    }

    /** What can happen to a disk. */
    sealed interface Operation {}

    record Created(Path path, int file) implements Operation {}

    record Written(int file, int position, ByteBuffer octets) implements Operation {}

    record Forced(int file) implements Operation {}

    record DirectoryForced(Path directory) implements Operation {}

    record Deleted(Path path) implements Operation {}

    record Moved(Path from, Path to) implements Operation {}

    private static final class MemoryFile {
        private final int number;
        private byte[] octets;
        private int size;
        private boolean shared = true;

        MemoryFile(int number, byte[] octets, int size) {
            this.number = number;
            this.octets = octets;
            this.size = size;
        }
    }

    private final Map<Path, MemoryFile> names = new TreeMap<>();
    private final Log log;
    private int files;

    MemoryDisk(Log log) {
        this.log = log;
    }

    /** Adds a file without telling the log; the octets are copied before the first write. */
    void put(Path path, byte[] octets, int size) {
        names.put(path, new MemoryFile(files++, octets, size));
    }

    /** Copies of all files. */
    synchronized Map<Path, byte[]> image() {
        Map<Path, byte[]> image = new TreeMap<>();
        names.forEach((path, file) -> image.put(path, Arrays.copyOf(file.octets, file.size)));
        return image;
    }

    @Override
    public synchronized Handle create(Path path) throws IOException {
        if (names.containsKey(path)) {
            throw new IOException("exists: " + path);
        }
        MemoryFile file = new MemoryFile(files++, new byte[0], 0);
        names.put(path, file);
        log.add(new Created(path, file.number));
        return new MemoryHandle(file);
    }

    @Override
    public synchronized Handle open(Path path) throws IOException {
        return new MemoryHandle(get(path));
    }

    @Override
    public Handle reopen(Path path) throws IOException {
        return open(path);
    }

    private MemoryFile get(Path path) throws NoSuchFileException {
        MemoryFile file = names.get(path);
        if (file == null) {
            throw new NoSuchFileException(path.toString());
        }
        return file;
    }

    @Override
    public synchronized void forceDirectory(Path directory) {
        log.add(new DirectoryForced(directory));
    }

    @Override
    public void createDirectories(Path directory) {
        // Directories are there always.
    }

    @Override
    public synchronized void delete(Path path) {
        if (names.remove(path) != null) {
            log.add(new Deleted(path));
        }
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        names.put(to, get(from));
        names.remove(from);
        log.add(new Moved(from, to));
    }

    @Override
    public synchronized List<Path> list(Path directory) {
        return names.keySet().stream()
                .filter(path -> directory.equals(path.getParent()))
                .toList();
    }

    @Override
    public long usable(Path directory) {
        return Long.MAX_VALUE;
    }

    @Override
    public long capacity(Path directory) {
        return Long.MAX_VALUE;
    }

    private final class MemoryHandle implements Handle {

        private final MemoryFile file;

        MemoryHandle(MemoryFile file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            synchronized (MemoryDisk.this) {
                if (position >= file.size) {
                    return -1;
                }
                int count = (int) Math.min(target.remaining(), file.size - position);
                target.put(file.octets, (int) position, count);
                return count;
            }
        }

        @Override
        public int write(ByteBuffer source, long position) {
            byte[] octets = new byte[source.remaining()];
            source.get(octets);
            synchronized (MemoryDisk.this) {
                int end = (int) position + octets.length;
                if (file.shared || end > file.octets.length) {
                    file.octets = Arrays.copyOf(file.octets, Math.max(end, file.octets.length));
                    file.shared = false;
                }
                System.arraycopy(octets, 0, file.octets, (int) position, octets.length);
                file.size = Math.max(file.size, end);
                log.add(new Written(file.number, (int) position, ByteBuffer.wrap(octets)));
                return octets.length;
            }
        }

        @Override
        public void truncate(long size) {
            synchronized (MemoryDisk.this) {
                file.octets = Arrays.copyOf(file.octets, (int) size);
                file.shared = false;
                file.size = (int) size;
            }
        }

        @Override
        public void force() {
            synchronized (MemoryDisk.this) {
                log.add(new Forced(file.number));
            }
        }

        @Override
        public long size() {
            synchronized (MemoryDisk.this) {
                return file.size;
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
