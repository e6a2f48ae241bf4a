package io.spooler.itests.instance;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One instance of the distribution in a directory of its own, with a listener on a free port. Started, asked and ended
 * as a script does it. Not thread-safe but for {@link #sh}.
 */
final class Instance implements AutoCloseable {

    private static final long START_SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path base;
    private final int port;
    private Map<String, String> environment = Map.of();
    private @Nullable Process process;
    private @Nullable Output output;

    private Instance(Path base, int port) {
        this.base = base;
        this.port = port;
    }

    /** Makes the settings of an instance: a listener on a free port, local mail, quick retries. */
    static Instance in(Path base) throws IOException {
        Instance instance = new Instance(base, Ports.free());
        Files.createDirectories(base.resolve("etc"));
        instance.listener("");
        instance.etc("io.spooler.loopback.cfg", "domains=spooler.local\nmailboxes=*");
        instance.etc("io.spooler.core.cfg", "retry_first=1s\nretry_longest=2s\nrest_longest=2s");
        return instance;
    }

    /** Writes the settings of the listener: what every instance has, and further lines. */
    Instance listener(String further) throws IOException {
        return etc(
                "io.spooler.smtp.listener-test.cfg",
                "address=127.0.0.1\nport=" + port + "\nrelay_networks=127.0.0.0/8\nlocal_domains=spooler.local\n"
                        + further);
    }

    /** A smart host for everything. */
    Instance smartHost(int to) throws IOException {
        return etc("io.spooler.smtp.client-hop.cfg", "host=127.0.0.1\nport=" + to + "\npatterns=*\ntls=none");
    }

    /** Writes a settings file as an editor does: whole, then renamed. */
    Instance etc(String name, String text) throws IOException {
        Path draft = Files.writeString(base.resolve("etc").resolve(name + ".new"), text + "\n");
        Files.move(draft, base.resolve("etc").resolve(name), ATOMIC_MOVE, REPLACE_EXISTING);
        return this;
    }

    /** Further options for Java, from the next start on. */
    Instance options(String options) {
        environment = Map.of("SPOOLER_OPTS", options);
        return this;
    }

    Path base() {
        return base;
    }

    int port() {
        return port;
    }

    /** Starts and waits until it says that it is ready. */
    Instance start() throws IOException {
        launch();
        output().await("Spooler is ready", line -> line.startsWith("Spooler is ready"), START_SECONDS);
        return this;
    }

    /** Starts without waiting. */
    Instance launch() throws IOException {
        Process started = Program.spooler(environment, "run", "--base", base.toString());
        process = started;
        output = new Output(base.getFileName().toString(), started.getInputStream());
        return this;
    }

    Output output() {
        if (output == null) {
            throw new IllegalStateException("not started");
        }
        return output;
    }

    private Process process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    long pid() {
        return process().pid();
    }

    /** Waits for a line of the log. */
    String log(String what, Predicate<String> line) {
        return output().await(what, line, PATIENCE.toSeconds());
    }

    /** What is found in the list of a mailbox, in its order: the group of a pattern. */
    List<String> inbox(String mailbox, Pattern pattern) throws IOException {
        return pattern.matcher(sh("spooler:inbox " + mailbox).ok())
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** Waits for the only message of a folder that has a subject: what the shell says of it. */
    Map<String, Object> only(String mailbox, String folder, String subject) throws IOException {
        String list = shUntil(
                "spooler:inbox --json --folder " + folder + " " + mailbox,
                text -> text.contains("\"subject\":\"" + subject + "\""));
        List<Map<String, Object>> found = new ArrayList<>();
        for (Object entry : JSON.std.listFrom(list)) {
            Map<String, Object> map = JSON.std.mapFrom(JSON.std.asString(entry));
            if (subject.equals(map.get("subject"))) {
                found.add(map);
            }
        }
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " messages have the subject " + subject + ": " + found);
        }
        return found.get(0);
    }

    /** Runs a shell command. */
    Ran sh(String command) throws IOException {
        return Program.run("sh", "--base", base.toString(), command);
    }

    /** Asks again and again, because the shell has no way to be told; fails with the last answer. */
    String shUntil(String command, Predicate<String> answer) {
        try {
            return await("answer to " + command)
                    .pollInterval(Duration.ofMillis(50))
                    .pollInSameThread()
                    .atMost(PATIENCE)
                    .until(() -> sh(command).output(), answer);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "\n" + status() + "\n" + output, e);
        }
    }

    private String status() {
        try {
            return sh("spooler:status").output();
        } catch (IOException e) {
            return "no status: " + e;
        }
    }

    /** What {@code show} says of a message once it contains a word. */
    String showUntil(String id, String word) {
        return shUntil("spooler:show " + id, text -> text.contains(word));
    }

    /** The answer to a command that prints JSON. */
    Map<String, Object> json(String command) throws IOException {
        return JSON.std.mapFrom(sh(command).ok());
    }

    /** Kills it, as a crash would. */
    void crash() {
        process().destroyForcibly();
        end();
    }

    /** SIGTERM. */
    int terminate() {
        process().destroy();
        return end();
    }

    /** Waits for the end. */
    int end() {
        try {
            if (!process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("did not end; " + output);
            }
            return process().exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            crash();
        }
    }
}
