package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.store.file.MemoryDisk.DirectoryForced;
import io.spooler.store.file.MemoryDisk.Forced;
import io.spooler.store.file.MemoryDisk.Operation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Power loss, enumerated (reliability test b). By hand in full size: {@code -Dspooler.power=full}, more than a million
 * states, some minutes.
 */
class PowerLossTest {

    private static final boolean FULL = "full".equals(System.getProperty("spooler.power"));
    private static final Logger LOG = LoggerFactory.getLogger("power"); // the store's own are off
    private static final int EXHAUSTIVE = 6;
    private static final int MAX_LIVES = 100;
    private static final int RANDOM = 100;
    private static final int THREADS = Integer.getInteger("spooler.threads", 2);

    @TempDir
    Path temp;

    private int enumerate(Predicate<Operation> kept, boolean sums, int seed, int crowd) throws Exception {
        Path root = Files.createDirectories(temp.resolve("trace"));
        PowerTrace trace = new PowerTrace(root, kept, seed, crowd).record();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Integer>> parts = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int part = i;
                Path place = Files.createDirectories(temp.resolve("place-" + i));
                PowerLoss loss = new PowerLoss(trace, root, place, EXHAUSTIVE, RANDOM, sums);
                parts.add(threads.submit(() -> loss.run(part, THREADS)));
            }
            int states = 0;
            for (Future<Integer> part : parts) {
                states += part.get(2, TimeUnit.HOURS);
            }
            return states;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void keepsEveryPromise() throws Exception {
        int wanted = FULL ? 1_000_000 : 12_000;
        int states = 0;
        int lives = 0;
        // How many states a life has depends on how its batches fall.
        while (states < wanted && lives < MAX_LIVES) {
            states += enumerate(o -> true, true, lives++, FULL ? 40 : 12);
            if (FULL) {
                LOG.warn("{} states so far, in {} lives", states, lives);
            }
        }
        LOG.warn("{} different states after a power loss, in {} lives", states, lives);
        assertThat(states).as("different states").isGreaterThanOrEqualTo(wanted);
    }

    private void finds(String damage, Predicate<Operation> kept, boolean sums) {
        assertThatThrownBy(() -> enumerate(kept, sums, 0, 12))
                .isInstanceOf(ExecutionException.class)
                .hasStackTraceContaining("power lost after operation")
                .hasStackTraceContaining(damage);
    }

    @Test
    void findsAMissingDirectorySync() {
        finds("accepted, and gone", o -> !(o instanceof DirectoryForced), true);
    }

    @Test
    void findsAnAnswerBeforeTheSync() {
        finds("accepted, and gone", o -> !(o instanceof Forced), true);
    }

    @Test
    void findsThatSumsAreNotChecked() {
        finds("the content is damaged", o -> true, false);
    }
}
