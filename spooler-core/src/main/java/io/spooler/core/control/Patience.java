package io.spooler.core.control;

import io.spooler.core.loop.Loop;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Looks again and again whether something has come to pass, soon at first and then once a second, for as long as somebody
 * waits for it. Runs on the loop.
 */
final class Patience {

    private static final Duration FIRST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofSeconds(1);

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
        look(FIRST, over);
    }

    private void look(Duration pause, BooleanSupplier over) {
        timer = loop.after(pause, () -> {
            if (!over.getAsBoolean()) {
                Duration next = pause.multipliedBy(2);
                look(next.compareTo(LONGEST) > 0 ? LONGEST : next, over);
            }
        });
    }

    /** Looks no more. */
    void end() {
        timer.cancel();
        timer = () -> {};
    }
}
