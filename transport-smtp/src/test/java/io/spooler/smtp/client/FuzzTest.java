package io.spooler.smtp.client;

import io.spooler.settings.SettingsException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Hostile servers without end, made from seeds: no exception, no conversation that takes long or much memory, every message
 * answered, and the same when every octet comes by itself. {@code -Dfuzz.seconds=60} for a longer run of each target,
 * {@code -Dfuzz.seed=N} for others, or for one again.
 */
class FuzzTest {

    private static final long SECONDS = Long.getLong("fuzz.seconds", 0);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final long SHORT_MS = 700;
    private static final int LEAST = 80;
    private static final int WARM_UP = 20;

    private static void forSomeTime(String target, LongConsumer one) {
        long most = TimeUnit.MILLISECONDS.toNanos(SECONDS > 0 ? SECONDS * 1000 : SHORT_MS);
        long start = System.nanoTime();
        long seed = SEED;
        while (System.nanoTime() - start < most || seed - SEED < LEAST) {
            one.accept(seed++);
        }
        if (SECONDS > 0) {
            System.err.println(target + ": " + (seed - SEED) + " servers");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingHarms(ReplyFuzzer.Target target) throws SettingsException {
        try (ReplyFuzz fuzz = new ReplyFuzz(target == ReplyFuzzer.Target.LMTP ? "lmtp" : "smtp")) {
            forSomeTime(target.toString(), seed -> {
                String name = target + " with seed " + seed;
                fuzz.check(name, new ReplyFuzzer(seed).session(target), seed - SEED > WARM_UP);
            });
        }
    }

    @Test
    void nobodyIsBelieved() throws SettingsException {
        try (ReplyFuzz fuzz = new ReplyFuzz("smtp")) {
            forSomeTime("challenges", seed -> fuzz.checkLogin("challenge with seed " + seed, new ReplyFuzzer(seed)));
        }
    }
}
