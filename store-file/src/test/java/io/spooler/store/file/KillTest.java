package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process with the store under load is killed at random moments (reliability test a); {@code -Dspooler.kills=1000}. */
class KillTest {

    private static final Logger LOG = LoggerFactory.getLogger("kill"); // the store's own are off
    private static final int KILLS = Integer.getInteger("spooler.kills", 50);
    private static final long LONGEST_START = 5000;
    private static final int MANY = 100_000;

    @TempDir
    Path directory;

    @Test
    void losesNothingWhenItIsKilled() throws Exception {
        Lives lives = new Lives(directory, ChildProcess::kill, true);
        for (int i = 0; i <= KILLS; i++) {
            lives.live();
        }
        LOG.warn("{} kills: {}", KILLS, lives);
        assertThat(lives.accepted()).as("work was done").isGreaterThan(KILLS);
        assertThat(lives.slowest()).as("milliseconds of the slowest start").isLessThanOrEqualTo(LONGEST_START);
    }

    @Test
    void startsQuicklyWithManyInTheQueue() throws Exception {
        assertThat(fill()).containsEntry("messages", (long) MANY);
        Map<String, Long> second = fill();
        LOG.warn("{} queued and killed: {}", MANY, second);
        assertThat(second).containsEntry("before", (long) MANY).containsEntry("claimed", 1L);
        assertThat(second.get("opened") + second.get("lent"))
                .as("milliseconds from the start to the first claim")
                .isLessThanOrEqualTo(LONGEST_START);
    }

    /** What a child said before it was killed with a full queue. */
    private Map<String, Long> fill() throws IOException, InterruptedException {
        Map<String, Long> said = new HashMap<>();
        Process child = ChildProcess.start(FillChild.class, directory.toString(), Integer.toString(MANY));
        try (BufferedReader lines = child.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 2);
                said.put(words[0], Long.parseLong(words[1]));
                if (words[0].equals("messages")) {
                    ChildProcess.kill(child);
                }
            }
        } finally {
            child.destroyForcibly().waitFor();
        }
        return said;
    }
}
