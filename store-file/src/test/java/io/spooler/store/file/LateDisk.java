package io.spooler.store.file;

import io.spooler.store.file.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A disk that knows what is durable: only what was written before a force began is so when it ends. It dawdles before each
 * write and each force, so that two threads meet in between. Thread-safe.
 */
final class LateDisk implements Disk {

    private static final int DAWDLE = 500;
    private static final int FRONT = 24;

    /** Octets that stood in a file when it was forced last, by name: everything in front of this place is durable. */
    final Map<String, AtomicLong> durable = new ConcurrentHashMap<>();

    private final MemoryDisk disk = new MemoryDisk(MemoryDisk.Log.NONE);

    private static void dawdle() {
        for (int i = 0; i < DAWDLE; i++) {
            Thread.onSpinWait();
        }
    }

    @Override
    public Handle create(Path path) throws IOException {
        return new LateHandle(disk.create(path), durable.computeIfAbsent(name(path), n -> new AtomicLong()));
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    @Override
    public Handle reopen(Path path) throws IOException {
        return new LateHandle(disk.reopen(path), new AtomicLong());
    }

    @Override
    public Handle open(Path path) throws IOException {
        return disk.open(path);
    }

    @Override
    public void forceDirectory(Path directory) {
        disk.forceDirectory(directory);
    }

    @Override
    public void createDirectories(Path directory) {
        disk.createDirectories(directory);
    }

    @Override
    public void delete(Path path) {
        disk.delete(path);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        disk.move(from, to);
    }

    @Override
    public List<Path> list(Path directory) {
        return disk.list(directory);
    }

    @Override
    public long usable(Path directory) {
        return disk.usable(directory);
    }

    @Override
    public long capacity(Path directory) {
        return disk.capacity(directory);
    }

    /** Follows how far the records reach; zeros ahead of them do not count. */
    private static final class LateHandle implements Handle {

        private final Handle handle;
        private final AtomicLong durable;
        private final List<long[]> written = new ArrayList<>();

        LateHandle(Handle handle, AtomicLong durable) {
            this.handle = handle;
            this.durable = durable;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return handle.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            boolean records = hasRecords(source);
            dawdle();
            int count = handle.write(source, position);
            if (records) {
                synchronized (written) {
                    written.add(new long[] {position + count});
                }
            }
            return count;
        }

        /** A record has something in its first octets. */
        private static boolean hasRecords(ByteBuffer source) {
            boolean any = false;
            for (int i = source.position(); i < Math.min(source.limit(), source.position() + FRONT); i++) {
                any |= source.get(i) != 0;
            }
            return any;
        }

        @Override
        public void force() throws IOException {
            long reach;
            synchronized (written) {
                reach = written.stream().mapToLong(end -> end[0]).max().orElse(0);
            }
            dawdle();
            handle.force();
            durable.accumulateAndGet(reach, Math::max);
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
