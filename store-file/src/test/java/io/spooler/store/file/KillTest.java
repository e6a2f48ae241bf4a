package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process with the store under load is killed at random moments (reliability test a); {@code -Dspooler.kills=1000}. */
class KillTest {

    private static final Logger LOG = LoggerFactory.getLogger("kill"); // the store's own are off
    private static final int KILLS = Integer.getInteger("spooler.kills", 20);
    private static final int MOST_LINES = 1500;

    @TempDir
    Path directory;

    private final Random random = new Random();
    private final Set<String> accepted = new HashSet<>();
    private final Set<String> delivered = new HashSet<>();
    private final Set<String> settled = new HashSet<>();
    private final Set<String> queued = new HashSet<>();
    private int duplicates;
    private long slowest;

    @Test
    void losesNothingWhenItIsKilled() throws Exception {
        for (int i = 0; i <= KILLS; i++) {
            Set<String> inFlight = new HashSet<>(delivered);
            inFlight.removeAll(settled);
            queued.clear();
            round(inFlight);
        }
        LOG.warn(
                "{} kills: {} accepted, {} settled, {} delivered twice, slowest start {} ms",
                KILLS,
                accepted.size(),
                settled.size(),
                duplicates,
                slowest);
        assertThat(accepted).as("work was done").hasSizeGreaterThan(KILLS);
    }

    /** One life of the child; the first lines are about what the former one left. */
    private void round(Set<String> inFlight) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillChild.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = child.inputReader()) {
            boolean listed = false;
            int left = 1 + random.nextInt(MOST_LINES);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                listed |= line.equals("L");
                take(line, inFlight);
                // What it wrote before it died is still read to its end.
                if (listed && --left == 0) {
                    child.toHandle().destroyForcibly(); // Process.destroyForcibly would close the stream too.
                }
            }
            assertThat(listed)
                    .as("the child opened the store and told the queue")
                    .isTrue();
        } finally {
            child.destroyForcibly().waitFor();
        }
    }

    private void take(String line, Set<String> inFlight) {
        String[] words = line.split(" ", 3);
        switch (words[0]) {
            case "O" -> slowest = Math.max(slowest, Long.parseLong(words[1]));
            case "Q" -> {
                assertThat(line).endsWith(" ok");
                queued.add(words[1]);
            }
            case "L" -> checkQueue(inFlight);
            case "A" -> accepted.add(words[1]);
            case "D" -> {
                if (!delivered.add(words[1])) {
                    duplicates++;
                    assertThat(inFlight).as("delivered twice").contains(words[1]);
                }
            }
            case "C" -> settled.add(words[1]);
            // The last line of the dead may be cut.
            default -> assertThat(line).as("the child").doesNotStartWith("X");
        }
    }

    private void checkQueue(Set<String> inFlight) {
        Set<String> wanted = new HashSet<>(accepted);
        wanted.removeAll(settled);
        wanted.removeAll(inFlight);
        assertThat(queued).as("accepted and not lost").containsAll(wanted);
        assertThat(queued).as("settled and not back").noneMatch(settled::contains);
    }
}
