package io.spooler.core.client;

import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.SpoolException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * What is done to the envelopes of clients alone, not to reports: lists are expanded, and nothing is due before the time in
 * which it can be cancelled has passed. Any thread.
 */
public final class Entrance {

    private final Submitter submitter;
    private final Lists lists;
    private final Clock clock;
    private final Supplier<Duration> undo;

    /**
     * Assigns.
     *
     * @param submitter takes messages
     * @param lists expands lists
     * @param clock the time
     * @param undo how long a message can be cancelled in any case, as it is now; zero for not at all
     */
    public Entrance(Submitter submitter, Lists lists, Clock clock, Supplier<Duration> undo) {
        this.submitter = submitter;
        this.lists = lists;
        this.clock = clock;
        this.undo = undo;
    }

    /**
     * Begins a message.
     *
     * @param envelope as the client wants it
     * @return the draft
     * @throws SpoolException if it is refused
     */
    public Draft begin(Envelope envelope) throws SpoolException {
        return submitter.begin(held(lists.expand(envelope)));
    }

    private Envelope held(Envelope envelope) {
        Duration time = undo.get();
        if (time.isZero()) {
            return envelope;
        }
        Instant end = clock.instant().plus(time);
        Instant wanted = envelope.options().notBefore();
        return wanted != null && wanted.isAfter(end)
                ? envelope
                : envelope.with(envelope.options().withNotBefore(end));
    }
}
