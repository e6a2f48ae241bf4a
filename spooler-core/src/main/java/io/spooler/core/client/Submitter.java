package io.spooler.core.client;

import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.MessageStatus;
import io.spooler.Recipient;
import io.spooler.RecipientStatus;
import io.spooler.SpoolEvent;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.core.event.Events;
import io.spooler.core.receive.Doors;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.StoreEntry;
import io.spooler.core.report.Reporter;
import io.spooler.store.CoupledStore;
import io.spooler.store.OwnPart;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in: into the default store, duplicates of recipients removed (R6, R7). A store with a transport of its own serves
 * whom it can at once; here, and nowhere else, that is decided and told (R1, R2). Any thread.
 */
public final class Submitter implements Reporter.Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Submitter.class);

    private final Supplier<Snapshot> present;
    private final Clock clock;
    private final Events events;
    private final Doors doors;
    private final Runnable submitted;
    private final BiPredicate<String, String> suspended;

    /**
     * Assigns.
     *
     * @param present what is present
     * @param clock the time
     * @param events hears of new messages
     * @param doors tells of what is filed
     * @param submitted called when a message is in the queue
     * @param suspended tells of a transport and a lane whether an administrator lets nothing go there; any thread
     */
    public Submitter(
            Supplier<Snapshot> present,
            Clock clock,
            Events events,
            Doors doors,
            Runnable submitted,
            BiPredicate<String, String> suspended) {
        this.present = present;
        this.clock = clock;
        this.events = events;
        this.doors = doors;
        this.submitted = submitted;
        this.suspended = suspended;
    }

    @Override
    public Draft begin(Envelope envelope) throws SpoolException {
        if (envelope.recipients().isEmpty()) {
            throw new SpoolException(
                    SpoolException.Reason.NO_RECIPIENTS, "the message has no recipients; name at least one");
        }
        Snapshot snapshot = present.get();
        StoreEntry store = snapshot.defaultStore()
                .orElseThrow(() -> new SpoolException(
                        SpoolException.Reason.NO_STORE, "no message store is present; start the bundle store-file"));
        return begin(distinct(envelope), store, snapshot);
    }

    private Draft begin(Envelope envelope, StoreEntry store, Snapshot snapshot) throws SpoolException {
        if (store.store() instanceof CoupledStore coupled) {
            Optional<OwnPart> part =
                    new Coupling(snapshot, doors, suspended).part(coupled.transport(), envelope, clock.instant());
            if (part.isPresent()) {
                CoupledStore.Serving draft = coupled.begin(envelope, part.get());
                return new Submission(draft, () -> expect(store.id(), part.get(), draft));
            }
        }
        return new Submission(store.store().begin(envelope), () -> this::queued);
    }

    private void queued(@Nullable SpoolId id) {
        if (id != null) {
            events.emit(new SpoolEvent.Queued(id, clock.instant()));
            submitted.run();
        }
    }

    /** From the commit on, what others file in the same mailboxes is told of in order with the copies. */
    private Submission.End expect(long store, OwnPart part, CoupledStore.Serving draft) {
        Consumer<List<Mailboxes.Entry>> filed = doors.expect(
                store, part.placements().stream().map(OwnPart.Placement::filing).toList());
        return id -> served(id, id == null ? Optional.empty() : draft.served(), filed);
    }

    /** The same events, in the same order, as if a transport had done it. */
    private void served(
            @Nullable SpoolId id, Optional<CoupledStore.Served> served, Consumer<List<Mailboxes.Entry>> filed) {
        if (id != null) {
            events.emit(new SpoolEvent.Queued(id, clock.instant()));
        }
        filed.accept(served.map(CoupledStore.Served::copies).orElse(List.of()));
        served.ifPresent(this::tell);
        if (id != null && (served.isEmpty() || !served.get().status().complete())) {
            submitted.run();
        }
    }

    private void tell(CoupledStore.Served served) {
        MessageStatus status = served.status();
        for (Mailboxes.Entry copy : served.copies()) {
            LOG.info("{} filed in {}/{} with {}", copy.id(), copy.mailbox(), copy.folder(), status.id());
        }
        for (RecipientStatus entry : status.recipients()) {
            if (entry.state().isFinal()) {
                LOG.info(
                        "{} {} {} at once: {}", status.id(), entry.recipient().address(), entry.state(), entry.reply());
                events.emit(new SpoolEvent.Changed(status.id(), clock.instant(), entry));
            }
        }
        if (status.complete()) {
            events.emit(new SpoolEvent.Completed(status.id(), clock.instant(), status));
        }
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
}
