package io.spooler.store.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file system of our own in a file, mounted over a loop device, which the kernel lets go with the mount. For Linux,
 * and root with the right to mount.
 */
final class LoopMount implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("mount"); // the store's own are off

    private final Path image;
    private final Path point;

    private LoopMount(Path image, Path point) {
        this.image = image;
        this.point = point;
    }

    /**
     * Makes and mounts one. Where the machine does not allow that the test is skipped, and says so loudly.
     *
     * @param directory empty
     * @param type of the file system
     * @param size of the image, octets
     * @param options of mkfs
     */
    static LoopMount make(Path directory, String type, long size, String... options) throws IOException {
        skipWithout(type, "mkfs." + type, "mount", "umount");
        LoopMount mount = new LoopMount(directory.resolve("image"), Files.createDirectory(directory.resolve("mount")));
        try (RandomAccessFile file = new RandomAccessFile(mount.image.toFile(), "rw")) {
            file.setLength(size);
        }
        List<String> mkfs = new ArrayList<>(List.of("mkfs." + type, "-q"));
        mkfs.addAll(List.of(options));
        mkfs.add(mount.image.toString());
        run(mkfs);
        try {
            mount.mount();
        } catch (IOException e) {
            skipUnless(false, type, "the right to mount: " + e.getMessage());
        }
        return mount;
    }

    /** Skips the test loudly, unless the machine allows mounts and has these tools. */
    static void skipWithout(String type, String... tools) throws IOException {
        List<String> missing = new ArrayList<>();
        if (!Files.exists(Path.of("/dev/loop-control"))) {
            missing.add("Linux with loop devices");
        } else if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            missing.add("root");
        }
        Arrays.stream(tools).filter(name -> tool(name).isEmpty()).forEach(missing::add);
        skipUnless(missing.isEmpty(), type, String.join(", ", missing));
    }

    private static void skipUnless(boolean possible, String type, String missing) {
        String text = "SKIPPED, nothing is shown about " + type + " here; missing: " + missing;
        if (!possible) {
            LOG.warn(text);
        }
        Assumptions.assumeTrue(possible, text);
    }

    private static Optional<Path> tool(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        return Arrays.stream(path.split(":"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void run(List<String> command) throws IOException {
        List<String> full = new ArrayList<>(command);
        full.set(
                0,
                tool(command.get(0))
                        .orElseThrow(() -> new IOException("missing: " + command.get(0)))
                        .toString());
        Process process = new ProcessBuilder(full).redirectErrorStream(true).start();
        try (BufferedReader lines = process.inputReader()) {
            String text = lines.lines().collect(Collectors.joining(" "));
            if (process.onExit().join().exitValue() != 0) {
                throw new IOException(String.join(" ", full) + ": " + text);
            }
        }
    }

    private void mount() throws IOException {
        run(List.of("mount", "-o", "loop", image.toString(), point.toString()));
    }

    /** Where it is mounted. */
    Path point() {
        return point;
    }

    /** As if the power went: nothing reaches the image from now on, its journal neither; every operation fails. */
    void cut() throws IOException {
        run(List.of("xfs_io", "-x", "-c", "shutdown", point.toString()));
    }

    /** The power is back: the file system replays its own journal. Nobody may use it. */
    void remount() throws IOException {
        run(List.of("umount", point.toString()));
        mount();
    }

    /** Unmounts, whoever may still use it. */
    @Override
    public void close() throws IOException {
        run(List.of("umount", "--lazy", point.toString()));
    }
}
