package io.spooler.store.file;

import io.spooler.store.file.journal.ForwardingDisk;
import io.spooler.store.file.journal.LocalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A disk that fails at a chosen operation, and keeps an image of what a power loss would leave: octets as of the last
 * force of their file, names as of the last force of their directory. Thread-safe.
 */
final class FaultyDisk extends ForwardingDisk {

    enum Fault {
        ERROR,
        FULL,
        SHORT_WRITE
    }

    private final Path root;
    private final Path image;
    private final int failAt;
    private final Fault fault;
    private final boolean forEver;
    private final AtomicInteger operations = new AtomicInteger();
    private final Map<Path, byte[]> forced = new ConcurrentHashMap<>();
    private final Set<Path> failedForces = ConcurrentHashMap.newKeySet();
    private final Set<Path> forcedAgain = ConcurrentHashMap.newKeySet();
    private volatile boolean failed;

    FaultyDisk(Path root, Path image, int failAt, Fault fault, boolean forEver) {
        super(new LocalDisk());
        this.root = root;
        this.image = image;
        this.failAt = failAt;
        this.fault = fault;
        this.forEver = forEver;
    }

    boolean hasFailed() {
        return failed;
    }

    /** Files that were forced after a write or force of them had failed. */
    Set<Path> forcedAgain() {
        return forcedAgain;
    }

    private boolean isHit() {
        int number = operations.incrementAndGet();
        return number == failAt || (forEver && number > failAt);
    }

    private void operation(String what) throws IOException {
        if (isHit() && fault != Fault.SHORT_WRITE) {
            failed = true;
            throw new IOException((fault == Fault.FULL ? "No space left on device: " : "injected: ") + what);
        }
    }

    private Path imageOf(Path path) {
        return image.resolve(root.relativize(path).toString());
    }

    @Override
    public Handle create(Path path) throws IOException {
        operation("create");
        failedForces.remove(path); // Another file of the same name.
        return new FaultyHandle(path, super.create(path));
    }

    @Override
    public Handle reopen(Path path) throws IOException {
        operation("reopen");
        return new FaultyHandle(path, super.reopen(path));
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        operation("force directory");
        super.forceDirectory(directory);
        if (!directory.startsWith(root)) {
            return;
        }
        Files.createDirectories(imageOf(directory));
        Set<Path> names = new HashSet<>(super.list(directory));
        for (Path path : names) {
            if (Files.isDirectory(path)) {
                Files.createDirectories(imageOf(path));
            } else if (!Files.exists(imageOf(path))) {
                Files.write(imageOf(path), forced.getOrDefault(path, new byte[0]));
            }
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        super.createDirectories(directory);
        Files.createDirectories(imageOf(directory));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        if (fault != Fault.FULL) {
            operation("delete");
        }
        super.delete(path);
        Files.deleteIfExists(imageOf(path));
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        operation("move");
        super.move(from, to);
        failedForces.remove(to); // The file of that name is gone.
        if (failedForces.remove(from)) {
            failedForces.add(to);
        }
        Files.move(imageOf(from), imageOf(to), StandardCopyOption.REPLACE_EXISTING);
    }

    private synchronized void forced(Path path) throws IOException {
        byte[] octets = Files.readAllBytes(path);
        forced.put(path, octets);
        if (Files.exists(imageOf(path))) {
            Files.write(imageOf(path), octets);
        }
    }

    private final class FaultyHandle extends ForwardingHandle {

        private final Path path;

        FaultyHandle(Path path, Handle handle) {
            super(handle);
            this.path = path;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            if (fault != Fault.SHORT_WRITE) {
                try {
                    operation("write");
                } catch (IOException e) {
                    // A force would prove nothing about what was not written; zeros ahead of the records say nothing.
                    if (fault != Fault.FULL || !isZero(source)) {
                        failedForces.add(path);
                    }
                    throw e;
                }
            } else if (isHit() && source.remaining() > 1) {
                failed = true;
                ByteBuffer half = source.slice(source.position(), source.remaining() / 2);
                int count = super.write(half, position);
                source.position(source.position() + count);
                return count;
            }
            return super.write(source, position);
        }

        private static boolean isZero(ByteBuffer source) {
            for (int i = source.position(); i < source.limit(); i++) {
                if (source.get(i) != 0) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void force() throws IOException {
            if (failedForces.contains(path)) {
                forcedAgain.add(path);
            }
            try {
                operation("force");
            } catch (IOException e) {
                failedForces.add(path);
                throw e;
            }
            super.force();
            forced(path);
        }

        @Override
        public void truncate(long size) throws IOException {
            operation("truncate");
            super.truncate(size);
        }
    }
}
