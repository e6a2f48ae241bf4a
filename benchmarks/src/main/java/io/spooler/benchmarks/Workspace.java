package io.spooler.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory of its own under the one that was named; nothing of it stays, however the process ends, but by a kill. */
final class Workspace implements AutoCloseable {

    private static final long MARGIN = 256L << 20;

    private final Path root;
    private final Thread hook = new Thread(this::removeQuietly, "benchmarks-cleanup");

    private Workspace(Path root) {
        this.root = root;
    }

    /**
     * Makes one.
     *
     * @param parent exists
     * @throws IOException if nothing can be made there
     */
    static Workspace in(Path parent) throws IOException {
        Workspace workspace = new Workspace(Files.createTempDirectory(parent, "spooler-benchmarks-"));
        Runtime.getRuntime().addShutdownHook(workspace.hook);
        return workspace;
    }

    /** An empty directory. */
    Path fresh(String name) throws IOException {
        Path directory = root.resolve(name);
        remove(directory);
        return Files.createDirectories(directory);
    }

    void need(long octets) throws IOException {
        long usable = Files.getFileStore(root).getUsableSpace();
        if (usable < octets + MARGIN) {
            throw new IOException("about " + (octets >> 20) + " MiB are needed in " + root.getParent() + ", "
                    + (usable >> 20) + " are free; make room, or ask for less");
        }
    }

    void remove(Path directory) throws IOException {
        for (Path path : all(directory)) {
            Files.deleteIfExists(path);
        }
    }

    /** Octets of all files below; what vanishes meanwhile does not count. */
    static long used(Path directory) throws IOException {
        long sum = 0;
        for (Path path : all(directory)) {
            try {
                sum += Files.isRegularFile(path) ? Files.size(path) : 0;
            } catch (NoSuchFileException e) {
                // Deleted since it was listed.
            }
        }
        return sum;
    }

    /** Deepest first; empty if it is not there. */
    private static List<Path> all(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }

    private void removeQuietly() {
        try {
            remove(root);
        } catch (IOException | RuntimeException e) {
            System.err.println("benchmarks: " + root + " could not be removed: " + e);
        }
    }

    @Override
    public void close() {
        removeQuietly();
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
