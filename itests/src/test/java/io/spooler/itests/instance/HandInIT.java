package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Postfix hands mail in while the spooler is killed again and again: nothing is lost at either end, and only what was under
 * way at a kill may come twice. {@code -Dspooler.handin.kills=50} for many.
 */
@Timeout(3600)
class HandInIT {

    private static final int KILLS = Integer.getInteger("spooler.handin.kills", 2);
    private static final int BATCH = 60;
    private static final int AT_ONCE = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern NUMBER = Pattern.compile("number (\\d+)\\.");

    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"smtp", "lmtp"})
    void nothingIsLostHoweverOftenTheSpoolerIsKilled(String protocol) throws IOException {
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        Random random = new Random(11);
        int port = Ports.free();
        Path directory = Files.createDirectories(temp.resolve("postfix"));
        try (Instance instance = Instance.in(temp.resolve("i")).listener("protocol=" + protocol);
                Mta postfix = postfix(directory, port, protocol, instance.port())) {
            for (int kill = 0; kill < KILLS; kill++) {
                instance.start();
                send(port, kill * BATCH);
                kill(instance, 1 + random.nextInt(BATCH));
            }
            instance.start();
            Set<Integer> all = IntStream.range(0, KILLS * BATCH).boxed().collect(Collectors.toSet());
            await("what was handed in, and the end of the queue of " + postfix)
                    .atMost(PATIENCE)
                    .pollInSameThread()
                    .until(() -> new HashSet<>(numbers(instance)).equals(all)
                            && queued(directory.resolve("spool").toFile()) == 0);
            instance.shUntil("spooler:queue --count", text -> text.strip().equals("0"));
            List<Integer> numbers = numbers(instance);
            int twice = numbers.size() - KILLS * BATCH;
            System.out.printf("%s, %d kills: %d messages, %d twice%n", protocol, KILLS, KILLS * BATCH, twice);
            assertThat(twice).as("came twice").isLessThanOrEqualTo(KILLS * AT_ONCE);
        }
    }

    /** One that tries again soon. */
    private static Mta postfix(Path directory, int port, String protocol, int us) throws IOException {
        return Postfix.start(directory, port, """
                myhostname = peer.test
                transport_maps = inline:{ {spooler.local = %s:[127.0.0.1]:%d} }
                relay_domains = spooler.local
                minimal_backoff_time = 1s
                maximal_backoff_time = 2s
                queue_run_delay = 1s
                transport_retry_time = 1s
                default_destination_concurrency_limit = %d
                default_destination_recipient_limit = 1
                """.formatted(protocol, us, AT_ONCE));
    }

    private static void send(int port, int first) throws IOException {
        try (Smtp smtp = Smtp.to(port)) {
            for (int i = first; i < first + BATCH; i++) {
                String text = "Subject: number " + i + ".\n\n" + "x".repeat(500) + "\n";
                assertThat(smtp.send("sender@peer.test", text, "ann@spooler.local"))
                        .startsWith("250");
            }
        }
    }

    /** Behind so many recipients of which the log tells. */
    private static void kill(Instance instance, int behind) {
        Set<String> lines = new HashSet<>();
        instance.output()
                .await(
                        behind + " deliveries",
                        line -> {
                            if (line.contains("ann@spooler.local")) {
                                lines.add(line);
                            }
                            return lines.size() >= behind;
                        },
                        PATIENCE.toSeconds());
        instance.crash();
    }

    /** Files come and go meanwhile. */
    private static int queued(File spool) {
        return Stream.of("maildrop", "incoming", "active", "deferred")
                .mapToInt(queue -> files(new File(spool, queue)))
                .sum();
    }

    private static int files(File directory) {
        String[] names = directory.list();
        int count = 0;
        for (String name : names == null ? new String[0] : names) {
            File file = new File(directory, name);
            count += file.isDirectory() ? files(file) : 1;
        }
        return count;
    }

    private static List<Integer> numbers(Instance instance) throws IOException {
        return instance.inbox("ann", NUMBER).stream().map(Integer::valueOf).toList();
    }
}
