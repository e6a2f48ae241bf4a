package io.spooler.core.control;

import io.spooler.core.loop.Loop;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Looks again and again whether something has come to pass, for as long as somebody waits for it: soon at first, later only so
 * often that it is noticed a thirty-second of the time late, or a second. Runs on the loop.
 */
final class Patience {

    private static final long SHORTEST = Duration.ofMillis(10).toNanos();
    private static final long LONGEST = Duration.ofSeconds(1).toNanos();
    private static final int PART = 32;

    private final Loop loop;
    private Loop.Timer timer = () -> {};

    Patience(Loop loop) {
        this.loop = loop;
    }

    /**
     * Begins to look; what was waited for before is forgotten.
     *
     * @param over says true when there is nothing more to wait for; not called again then
     */
    void begin(BooleanSupplier over) {
        end();
        look(loop.nanos(), over);
    }

    private void look(long begin, BooleanSupplier over) {
        long pause = Math.min(LONGEST, Math.max(SHORTEST, (loop.nanos() - begin) / PART));
        timer = loop.after(Duration.ofNanos(pause), () -> {
            if (!over.getAsBoolean()) {
                look(begin, over);
            }
        });
    }

    /** Looks no more. */
    void end() {
        timer.cancel();
        timer = () -> {};
    }
}
