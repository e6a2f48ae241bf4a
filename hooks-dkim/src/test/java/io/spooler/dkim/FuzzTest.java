package io.spooler.dkim;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hostile messages without end, made from seeds: no exception, nothing that takes long or much memory, and the same result however
 * the content is given. {@code -Dfuzz.seconds=60} for a longer run of each target, {@code -Dfuzz.seed=N} for others, or for one again.
 */
class FuzzTest {

    private static final long SECONDS = Long.getLong("fuzz.seconds", 0);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final long SHORT_MS = 700;
    private static final int LEAST = 80;
    private static final int WARM_UP = 20;

    @ParameterizedTest
    @EnumSource
    void nothingHarms(HeaderFuzzer.Target target) throws Exception {
        HeaderFuzz fuzz = new HeaderFuzz();
        long most = TimeUnit.MILLISECONDS.toNanos(SECONDS > 0 ? SECONDS * 1000 : SHORT_MS);
        long start = System.nanoTime();
        long seed = SEED;
        while (System.nanoTime() - start < most || seed - SEED < LEAST) {
            String message = new HeaderFuzzer(seed).message(target);
            fuzz.check(target + " with seed " + seed, message, seed - SEED > WARM_UP);
            seed++;
        }
        if (SECONDS > 0) {
            System.err.println(target + ": " + (seed - SEED) + " messages, whole and octet by octet");
        }
    }
}
