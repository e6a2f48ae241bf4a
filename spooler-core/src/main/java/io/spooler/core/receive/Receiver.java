package io.spooler.core.receive;

import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.core.event.Events;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.StoreEntry;
import io.spooler.store.Folders;
import io.spooler.transport.Inlet;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** The inlet that all transports share: into the default store as it is when the reception begins (R57). */
public final class Receiver implements Inlet {

    private final Supplier<Snapshot> present;
    private final Executor workers;
    private final Events events;
    private final Clock clock;
    private final BiConsumer<String, SpoolId> announced;
    private final AtomicInteger active = new AtomicInteger();

    /**
     * Assigns.
     *
     * @param present what is present
     * @param workers run postprocessors
     * @param events hears of arrivals
     * @param clock the time
     * @param announced hears which transport is ready for which message, on any thread
     */
    public Receiver(
            Supplier<Snapshot> present,
            Executor workers,
            Events events,
            Clock clock,
            BiConsumer<String, SpoolId> announced) {
        this.present = present;
        this.workers = workers;
        this.events = events;
        this.clock = clock;
        this.announced = announced;
    }

    @Override
    public void ready(String transport, SpoolId message) {
        announced.accept(transport, message);
    }

    @Override
    public Inlet.Reception receive(Arrival arrival) throws SpoolException {
        Snapshot snapshot = present.get();
        StoreEntry entry = snapshot.defaultStore()
                .orElseThrow(() -> new SpoolException(
                        SpoolException.Reason.NO_STORE, "no message store is present; start the bundle store-file"));
        Folders.Filing target = filing(arrival);
        Intake intake = new Intake(
                entry.store().folders().receive(),
                arrival,
                target,
                snapshot.postProcessors(),
                workers,
                events,
                clock,
                active::decrementAndGet);
        active.incrementAndGet();
        return intake;
    }

    /**
     * How many messages are coming in. Any thread.
     *
     * @return a number
     */
    public int active() {
        return active.get();
    }

    /**
     * Where a message goes if no postprocessor has another opinion.
     *
     * @param arrival what is known of it
     * @return the inbox
     * @throws SpoolException NOT_FOUND if no mailbox can have the name
     */
    public static Folders.Filing filing(Arrival arrival) throws SpoolException {
        try {
            return new Folders.Filing(
                    arrival.mailbox(), Mailboxes.INBOX, arrival.messageClass(), arrival.sender(), Set.of());
        } catch (IllegalArgumentException e) {
            throw new SpoolException(SpoolException.Reason.NOT_FOUND, String.valueOf(e.getMessage()), e);
        }
    }
}
