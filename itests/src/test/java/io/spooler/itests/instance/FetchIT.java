package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * kill -9 while mail is fetched from Dovecot: each message comes once, and none is lost at either end. The long campaign:
 * {@code -Dspooler.fetch.messages=5000 -Dspooler.fetch.kills=50}.
 */
class FetchIT {

    private static final int MESSAGES = Integer.getInteger("spooler.fetch.messages", 300);
    private static final int KILLS = Integer.getInteger("spooler.fetch.kills", 3);
    private static final long SEED = Long.getLong("spooler.fetch.seed", 7);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration QUIET = Duration.ofSeconds(30);
    private static final Pattern NUMBER = Pattern.compile("number (\\d+)\\.");

    @TempDir
    Path temp;

    private Instance account(Dovecot dovecot, String protocol, String further) throws IOException {
        Instance instance = Instance.in(temp.resolve("i"));
        Path secrets = Files.createDirectories(instance.base().resolve("etc/secrets"));
        Files.writeString(secrets.resolve("ann"), Dovecot.PASSWORD);
        return instance.etc(
                "io.spooler.imap-ann.cfg",
                "protocol=" + protocol + "\nhost=127.0.0.1\nport=" + dovecot.port(protocol)
                        + "\ntls=none\nuser=ann\npassword=$[secret:ann]\nmailbox=ann\ninterval=1s\n" + further);
    }

    private static List<Integer> numbers(Instance instance) throws IOException {
        return instance.inbox("ann", NUMBER).stream().map(Integer::valueOf).toList();
    }

    /**
     * Kills behind one of the next messages, or behind the last. If none comes, the kill before was behind the last: the process
     * may get on while the test reads what it says.
     */
    private static void kill(Instance instance, Random random) throws IOException {
        int behind = 1 + random.nextInt(Math.max(1, MESSAGES / (KILLS + 1)));
        Set<String> filed = new HashSet<>();
        boolean came = instance.output()
                .has(line -> line.contains(" messages fetched") || count(filed, line) >= behind, QUIET.toSeconds());
        if (!came) {
            assertThat(instance.sh("spooler:inbox --count ann").ok().strip())
                    .as("nothing comes any more; " + instance.output())
                    .isEqualTo("" + MESSAGES);
        }
        instance.crash();
    }

    /** A line may be shown more than once. */
    private static int count(Set<String> filed, String line) {
        if (line.contains(" filed in ann/")) {
            filed.add(line);
        }
        return filed.size();
    }

    @ParameterizedTest
    @CsvSource({"imap, delete", "imap, leave", "pop3, delete", "pop3, leave"})
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void eachMessageComesOnceHoweverOftenTheSpoolerIsKilled(String protocol, String after) throws IOException {
        Random random = new Random(SEED);
        try (Dovecot dovecot = Dovecot.start(temp.resolve("dovecot"));
                Instance instance = account(dovecot, protocol, "after=" + after)) {
            dovecot.fill("ann", MESSAGES);
            for (int i = 0; i < KILLS; i++) {
                instance.start();
                kill(instance, random);
            }
            instance.start();
            instance.shUntil("spooler:inbox --count ann", text -> Integer.parseInt(text.strip()) >= MESSAGES);
            int left = after.equals("leave") ? MESSAGES : 0;
            await("the server's own copies").atMost(PATIENCE).until(() -> dovecot.count("ann") == left);
            instance.sh("spooler:flush imap-ann").ok();
            assertThat(numbers(instance))
                    .as(dovecot.log())
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, MESSAGES).boxed().toList());
        }
    }

    @Test
    @Timeout(120)
    void otherIdsForTheSameMessagesFetchNothingTwice() throws IOException {
        try (Dovecot dovecot = Dovecot.start(temp.resolve("dovecot"));
                Instance instance = account(dovecot, "imap", "")) {
            dovecot.fill("ann", 60);
            instance.start();
            instance.shUntil("spooler:inbox --count ann", text -> text.strip().equals("60"));
            String validity = dovecot.validity("ann");
            instance.sh("spooler:inbound end imap-ann").ok();
            await("the end of the connection")
                    .atMost(PATIENCE)
                    .until(() -> dovecot.log().contains("onnection closed"));
            dovecot.forgetIds("ann");
            dovecot.fill("ann", 60, 70);
            instance.sh("spooler:inbound begin imap-ann").ok();
            instance.shUntil("spooler:inbox --count ann", text -> Integer.parseInt(text.strip()) >= 70);
            instance.sh("spooler:flush imap-ann").ok();
            assertThat(numbers(instance))
                    .as(dovecot.log())
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 70).boxed().toList());
            assertThat(dovecot.validity("ann")).isNotEqualTo(validity);
        }
    }

    /** R58, as a user orders it. */
    @ParameterizedTest
    @ValueSource(strings = {"imap", "pop3"})
    @Timeout(120)
    void headersComeFirstAndTheRestAsItIsOrdered(String protocol) throws IOException {
        try (Dovecot dovecot = Dovecot.start(temp.resolve("dovecot"));
                Instance instance = account(dovecot, protocol, "mode=headers")) {
            dovecot.fill("ann", 5);
            instance.start();
            instance.shUntil("spooler:inbox --count ann", text -> text.strip().equals("5"));
            order(instance, 0, "download");
            order(instance, 1, "download deleted");
            order(instance, 2, "deleted");
            order(instance, 3, "download");
            instance.sh("spooler:mark --off " + id(instance, 3) + " download").ok();
            assertThat(dovecot.count("ann")).isEqualTo(5);
            instance.sh("spooler:flush imap-ann").ok();
            assertThat(numbers(instance)).containsExactlyInAnyOrder(0, 1, 3, 4);
            for (int number : List.of(0, 1)) {
                assertThat(instance.sh("spooler:cat " + id(instance, number)).ok())
                        .contains("Text");
            }
            assertThat(instance.sh("spooler:cat " + id(instance, 3)).ok()).doesNotContain("Text");
            await("what was deleted, or moved").atMost(PATIENCE).until(() -> dovecot.count("ann") == 3);
        }
    }

    private static Object id(Instance instance, int number) throws IOException {
        return instance.only("ann", "INBOX", "number " + number + ".").get("id");
    }

    private static void order(Instance instance, int number, String marks) throws IOException {
        instance.sh("spooler:mark " + id(instance, number) + " " + marks).ok();
    }

    @Test
    @Timeout(120)
    void aWrongPasswordIsSeenInTheStatus() throws IOException {
        try (Dovecot dovecot = Dovecot.start(temp.resolve("dovecot"));
                Instance instance = account(dovecot, "imap", "")) {
            Files.writeString(instance.base().resolve("etc/secrets/ann"), "wrong");
            dovecot.fill("ann", 1);
            instance.start();
            String status = instance.shUntil("spooler:transports", text -> text.contains("does not let ann in"));
            assertThat(status).contains("FAILED").doesNotContain("wrong");
        }
    }
}
