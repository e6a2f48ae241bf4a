package io.spooler.itests.instance;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;

/** A server of somebody else, run in the foreground as a child process. */
final class Mta implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int TAIL = 60;

    private final Process process;
    private final Output output;
    private final Path log;

    private Mta(Process process, Output output, Path log) {
        this.process = process;
        this.output = output;
        this.log = log;
    }

    /** Skips the test, loudly, for a user who cannot start servers that change their user. */
    static void requireRoot() {
        Assumptions.assumeTrue(
                System.getProperty("user.name").equals("root"), "NOT TESTED: the server needs root; cure: run as root");
    }

    /** Starts a server that may write a log, and waits until it greets on a port of 127.0.0.1. */
    static Mta start(String name, int port, Path log, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        Mta mta = new Mta(process, new Output(name, process.getInputStream()), log);
        try {
            await(name + " to answer").atMost(PATIENCE).until(() -> !process.isAlive() || answers(port));
            if (!process.isAlive()) {
                throw new AssertionError(name + " has ended\n" + mta);
            }
        } catch (ConditionTimeoutException e) {
            mta.close();
            throw new AssertionError(e.getMessage() + "\n" + mta, e);
        }
        return mta;
    }

    /**
     * Starts a server out of packages that were unpacked below the directory of the property {@code spooler.peers}; skips
     * the test, loudly, where they are not. What stands below the root given here is laid over the system's files.
     */
    static Mta startUnpacked(String name, int port, Path root, List<String> users, String... command)
            throws IOException {
        requireRoot();
        List<String> all = new ArrayList<>(List.of("sh", script(root), packages(name), root.toString()));
        all.addAll(users);
        all.add("--");
        all.addAll(List.of(command));
        return start(name, port, root.resolveSibling("mainlog"), all);
    }

    private static String packages(String name) {
        String property = System.getProperty("spooler.peers", "");
        Path packages = Path.of(property, name);
        Assumptions.assumeTrue(
                !property.isEmpty() && Files.isDirectory(packages),
                "NOT TESTED: " + name + " is missing; cure: .ci/peers DIR, then -Dspooler.peers=DIR");
        return packages.toAbsolutePath().toString();
    }

    private static String script(Path root) throws IOException {
        Path script = root.resolveSibling("with_packages.sh");
        try (InputStream in = Mta.class.getResourceAsStream("with_packages.sh")) {
            Files.copy(Objects.requireNonNull(in), script);
        }
        return script.toString();
    }

    private static boolean answers(int port) {
        try (Smtp smtp = Smtp.to(port)) {
            return smtp.say("QUIT").startsWith("221");
        } catch (IOException e) {
            return false;
        }
    }

    /** SIGTERM to it and to what it has started. */
    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** What it has said at last, for people. */
    @Override
    public String toString() {
        try {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
            return output + "\nlog:\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
        } catch (IOException e) {
            return output + "\nno log: " + e;
        }
    }
}
