package io.spooler.launcher;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One running instance per base directory: holds a lock on {@code data/spooler.pid}, which names the process. The file
 * is emptied at the end but never removed, because a lock on a removed file would exclude nobody. The system releases
 * the lock when the process dies, however that happens.
 *
 * <p>Taken once by the main thread, released once by the shutdown hook.
 */
final class InstanceLock implements AutoCloseable {

    private final FileChannel file;

    private InstanceLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes the lock.
     *
     * @param base the instance
     * @return the lock, with the pid written
     * @throws Refusal if another process has it or the directory cannot be written to
     */
    static InstanceLock take(Path base) throws Refusal {
        Path path = base.resolve("data/spooler.pid");
        try {
            Files.createDirectories(path.getParent());
            FileChannel file = FileChannel.open(path, CREATE, READ, WRITE);
            FileLock lock = tryLock(file);
            if (lock == null) {
                String pid = Files.readString(path).strip();
                throw new Refusal(base + " is in use by another instance, pid " + pid
                        + "; stop it, or choose another directory with --base");
            }
            file.truncate(0);
            String pid = ProcessHandle.current().pid() + "\n";
            file.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
            return new InstanceLock(file);
        } catch (IOException e) {
            throw new Refusal("cannot write to " + path.getParent() + ": " + e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        return file.tryLock();
    }

    @Override
    public void close() throws IOException {
        try (file) {
            file.truncate(0);
        }
    }
}
