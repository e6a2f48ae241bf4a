package io.spooler.itests.container;

import io.spooler.RecipientState;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.SpoolListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Collects the events of the spooler and waits for them. */
final class Events implements SpoolListener {

    private static final long PATIENCE_SECONDS = 30;

    private final List<SpoolEvent> events = new ArrayList<>();

    @Override
    public synchronized void onEvent(SpoolEvent event) {
        events.add(event);
        notifyAll();
    }

    synchronized List<SpoolEvent> all() {
        return List.copyOf(events);
    }

    /** Waits until a recipient of a message entered a state. */
    void await(SpoolId id, RecipientState state) {
        await(
                id + " " + state,
                1,
                e -> e instanceof SpoolEvent.Changed c
                        && c.id().equals(id)
                        && c.recipient().state() == state);
    }

    /** Waits for a number of events. */
    synchronized void await(String what, long count, Predicate<SpoolEvent> event) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (events.stream().filter(event).count() < count) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("missing: " + count + " × " + what + "; events: " + events);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }
}
