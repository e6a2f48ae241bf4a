package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import io.spooler.itests.bundle.Watcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client in a bundle of its own sees each message once and in order, while its bundle is taken away and put back, and the
 * spooler is killed and stopped, all under flow. {@code -Dspooler.watched=10000} for so many messages.
 */
@Timeout(900)
class WatchIT {

    private static final int MESSAGES = Integer.getInteger("spooler.watched", 800);
    private static final int LIVES = 4;
    private static final int MAILBOXES = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String IMPORTS = "io.spooler,org.osgi.framework,org.osgi.util.tracker";

    @TempDir
    Path temp;

    private Instance instance;

    @Test
    void aClientSeesEachMessageOnceAndInOrderOverItsRestartsAndOurs() throws IOException {
        Path jar = temp.resolve("watcher.jar");
        Jars.bundle(jar, "watcher", Watcher.class, IMPORTS);
        try (Instance made = Instance.in(temp.resolve("i"))) {
            instance = made;
            Path dropped =
                    Files.createDirectories(made.base().resolve("deploy")).resolve("watcher.jar");
            Files.copy(jar, dropped);
            for (int life = 0; life < LIVES; life++) {
                Files.deleteIfExists(path(Watcher.WATCHING));
                made.start();
                awaitWatching(true);
                send(life, 0, 1);
                Files.delete(dropped);
                awaitWatching(false);
                send(life, 1, 2);
                Files.copy(jar, dropped);
                send(life, 2, 3);
                awaitWatching(true);
                end(life);
            }
            made.start();
            made.shUntil("spooler:queue --count", count -> count.strip().equals("0"));
            await("what the client has seen")
                    .atMost(PATIENCE)
                    .until(() -> seen().size() >= LIVES * (MESSAGES / LIVES / 3) * 3);
            assertSeenOnceAndInOrder();
        }
    }

    private Path path(Path relative) {
        return instance.base().resolve(relative);
    }

    private void awaitWatching(boolean yes) {
        await(yes ? "the client watches" : "the client is away")
                .atMost(PATIENCE)
                .until(() -> Files.exists(path(Watcher.WATCHING)) == yes);
    }

    /** A third of what is sent in a life. */
    private void send(int life, int from, int to) throws IOException {
        int third = MESSAGES / LIVES / 3;
        try (Smtp smtp = Smtp.to(instance.port())) {
            for (int i = from * third; i < to * third; i++) {
                smtp.queue("life " + life + " number " + i, "box" + i % MAILBOXES + "@spooler.local");
            }
        }
    }

    /** By a kill in the middle of what it does, or in good order. */
    private void end(int life) {
        if (life % 2 == 0) {
            instance.crash();
        } else {
            instance.terminate();
        }
    }

    private List<String> seen() throws IOException {
        return Files.readAllLines(path(Watcher.SEEN), StandardCharsets.US_ASCII);
    }

    /** As the feed has it, and every message that was sent is in that. */
    private void assertSeenOnceAndInOrder() throws IOException {
        List<String> seen = seen();
        assertThat(seen).as("once").doesNotHaveDuplicates();
        List<String> feed = new ArrayList<>();
        List<Object> subjects = new ArrayList<>();
        String all = instance.sh("spooler:watch --json --after 0 --count " + seen.size())
                .ok();
        for (String line : all.lines().toList()) {
            var entry = JSON.std.mapFrom(line);
            feed.add(entry.get("sequence") + " " + entry.get("id") + " " + entry.get("mailbox"));
            subjects.add(entry.get("subject"));
        }
        assertThat(seen).as("as the feed has it").isEqualTo(feed);
        assertThat(seen.stream().map(line -> Long.valueOf(line.split(" ", 2)[0])))
                .as("sequences")
                .isSorted();
        assertThat(subjects).hasSize(LIVES * (MESSAGES / LIVES / 3) * 3).doesNotHaveDuplicates();
        System.out.printf("%d messages, %d lives of the spooler: each seen once%n", seen.size(), LIVES + 1);
    }
}
