package io.spooler.pickup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The directory on the disk. Files are taken whose name ends in {@code .eml} and does not begin with a dot: who writes one
 * gives it another name first, and renames it when it is whole. What will never be taken goes to {@code failed/}, with a
 * text beside it that says why.
 */
final class Directory {

    private static final String SUFFIX = ".eml";
    private static final int MOST = 1000;
    private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");

    private final Path path;

    Directory(Path path) {
        this.path = path;
    }

    /** A file, as it was when it was found. */
    record Found(Path path, BasicFileAttributes attributes) {

        /** The same for the same file only: also after a restart, and not for a later one of that name. */
        String key() {
            return "pickup:" + path.getFileName() + ":" + attributes.size() + ":"
                    + attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS) + ":"
                    + attributes.fileKey();
        }

        String name() {
            return path.getFileName().toString();
        }
    }

    /** Makes it if it is missing, for this user alone; refuses one into which everybody may write. */
    void prepare() throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path);
            if (isPosix()) {
                Files.setPosixFilePermissions(path, OURS);
            }
        }
        if (isPosix() && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException("everybody may write into " + path.toAbsolutePath()
                    + ", so everybody could send mail in any name; take that right away (chmod o-w)");
        }
    }

    private boolean isPosix() throws IOException {
        FileStore store = Files.getFileStore(path);
        return store.supportsFileAttributeView(PosixFileAttributeView.class);
    }

    /** What is there to be taken, oldest first; at most a thousand at a time. */
    List<Found> list() throws IOException {
        List<Found> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*" + SUFFIX)) {
            for (Path file : files) {
                if (found.size() < MOST && !file.getFileName().toString().startsWith(".")) {
                    add(file, found);
                }
            }
        }
        found.sort(Comparator.comparing((Found f) -> f.attributes.lastModifiedTime())
                .thenComparing(Found::name));
        return found;
    }

    /** No link is followed: it could lead to what its maker may not read himself. */
    private static void add(Path file, List<Found> found) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isRegularFile()) {
                found.add(new Found(file, attributes));
            }
        } catch (java.nio.file.NoSuchFileException e) {
            // Somebody has taken it back.
        }
    }

    InputStream open(Found found) throws IOException {
        return Files.newInputStream(found.path, LinkOption.NOFOLLOW_LINKS);
    }

    void remove(Found found) throws IOException {
        Files.deleteIfExists(found.path);
    }

    /** Puts a file aside; a former one of that name is replaced. */
    void refuse(Found found, String why) throws IOException {
        Path failed = Files.createDirectories(path.resolve("failed"));
        Files.write(failed.resolve(found.name() + ".txt"), (why + "\n").getBytes(StandardCharsets.UTF_8));
        Files.move(found.path, failed.resolve(found.name()), StandardCopyOption.REPLACE_EXISTING);
    }
}
