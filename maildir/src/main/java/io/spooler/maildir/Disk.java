package io.spooler.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * What the mirror does to the disk, in steps that a crash can come between. A file is whole before it has its name, and a
 * name is on stable storage before anything is said to be done. What is made is for this user alone.
 */
class Disk {

    private static final FileAttribute<?> OURS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> OUR_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Something that is written to a file. */
    interface Source {
        void to(FileChannel file) throws IOException;
    }

    /** Writes a new file and forces it; a former one of that name, which a crash has left, is replaced. */
    void write(Path file, Source source) throws IOException {
        Files.deleteIfExists(file);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.createFile(file, posix ? new FileAttribute<?>[] {OUR_FILE} : new FileAttribute<?>[0]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            source.to(channel);
            channel.force(true);
        }
    }

    /** Replaces a small file whole. */
    void replace(Path file, byte[] octets) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        write(draft, channel -> {
            ByteBuffer left = ByteBuffer.wrap(octets);
            while (left.hasRemaining()) {
                channel.write(left);
            }
        });
        move(draft, file);
    }

    /** Renames, which is one step for a file system: a crash leaves the one name or the other. */
    void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        force(to.resolveSibling(""));
    }

    /** Removes a file, which may be gone. */
    void remove(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            force(file.resolveSibling(""));
        }
    }

    /** Makes a directory if it is missing; the one above it is there. */
    void directory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
            Files.createDirectory(path, posix ? new FileAttribute<?>[] {OURS} : new FileAttribute<?>[0]);
            force(path.toAbsolutePath().resolveSibling(""));
        }
    }

    /** Directories are forced by opening them; a system that cannot open one has nothing to force. */
    void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
