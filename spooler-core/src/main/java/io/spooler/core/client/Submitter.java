package io.spooler.core.client;

import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.SpoolEvent;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.core.event.Events;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.report.Reporter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The way in: into the default store, duplicates of recipients removed (R6, R7). Any thread. */
public final class Submitter implements Reporter.Outbox {

    private final Supplier<Snapshot> present;
    private final Clock clock;
    private final Events events;
    private final Runnable submitted;

    /**
     * Assigns.
     *
     * @param present what is present
     * @param clock the time
     * @param events hears of new messages
     * @param submitted called when a message is in the queue
     */
    public Submitter(Supplier<Snapshot> present, Clock clock, Events events, Runnable submitted) {
        this.present = present;
        this.clock = clock;
        this.events = events;
        this.submitted = submitted;
    }

    @Override
    public Draft begin(Envelope envelope) throws SpoolException {
        if (envelope.recipients().isEmpty()) {
            throw new SpoolException(
                    SpoolException.Reason.NO_RECIPIENTS, "the message has no recipients; name at least one");
        }
        Draft draft = present.get()
                .defaultStore()
                .orElseThrow(() -> new SpoolException(
                        SpoolException.Reason.NO_STORE, "no message store is present; start the bundle store-file"))
                .store()
                .begin(distinct(envelope));
        return new Submission(draft);
    }

    private static Envelope distinct(Envelope envelope) {
        if (envelope.recipients().size() == 1) {
            return envelope;
        }
        Map<String, Recipient> distinct = new LinkedHashMap<>();
        envelope.recipients()
                .forEach(recipient -> distinct.putIfAbsent(recipient.address().key(), recipient));
        return new Envelope(envelope.sender(), List.copyOf(distinct.values()), envelope.options());
    }

    /** A draft that tells the core once it is durable. */
    private final class Submission implements Draft {

        private final Draft draft;

        private Submission(Draft draft) {
            this.draft = draft;
        }

        @Override
        public SpoolId id() {
            return draft.id();
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            draft.write(source);
        }

        @Override
        public long size() {
            return draft.size();
        }

        @Override
        public void close() {
            draft.close();
        }

        @Override
        public CompletionStage<SpoolId> commit() {
            return draft.commit().thenApply(id -> {
                events.emit(new SpoolEvent.Queued(id, clock.instant()));
                submitted.run();
                return id;
            });
        }
    }
}
