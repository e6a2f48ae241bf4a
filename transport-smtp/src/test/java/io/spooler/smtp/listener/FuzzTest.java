package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hostile sessions without end, made from seeds: no exception, no session that takes long or much memory, and the same
 * result when every octet comes by itself. {@code -Dfuzz.seconds=60} for a longer run of each target,
 * {@code -Dfuzz.seed=N} for others, or for one again.
 */
class FuzzTest {

    private static final long SECONDS = Long.getLong("fuzz.seconds", 0);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final long SHORT_MS = 700;
    private static final int WARM_UP = 300;

    @ParameterizedTest
    @EnumSource
    void nothingHarms(Fuzzer.Target target) throws Exception {
        SessionFuzz fuzz = new SessionFuzz();
        long most = TimeUnit.MILLISECONDS.toNanos(SECONDS > 0 ? SECONDS * 1000 : SHORT_MS);
        long start = System.nanoTime();
        long seed = SEED;
        while (System.nanoTime() - start < most) {
            fuzz.check(target + " with seed " + seed, new Fuzzer(seed).session(target), seed - SEED > WARM_UP);
            seed++;
        }
        assertThat(seed).as("sessions tried").isGreaterThan(SEED);
        if (SECONDS > 0) {
            System.err.println(target + ": " + (seed - SEED) + " sessions, whole and octet by octet");
        }
    }
}
