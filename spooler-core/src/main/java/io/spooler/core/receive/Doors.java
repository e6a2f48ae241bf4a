package io.spooler.core.receive;

import io.spooler.Fate;
import io.spooler.Mailboxes;
import io.spooler.Origins;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.core.event.Events;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.StoreEntry;
import io.spooler.core.registry.TransportEntry;
import io.spooler.store.Folders;
import io.spooler.transport.Inlet;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins and ends inbound, transport by transport (R51), and lets messages in by turns. A suspension holds by name, also
 * when the transport leaves and comes back; it ends with the process. Owned by the loop.
 */
public final class Doors {

    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);

    private final Loop loop;
    private final Supplier<Snapshot> present;
    private final Executor workers;
    private final Clock clock;
    private final Supplier<ReceiveSettings> settings;
    private final BiConsumer<String, SpoolId> announced;
    private final Turns turns;
    private final Arrivals arrivals;
    private final Fates fates = new Fates();
    private final NamedIds ids = new NamedIds();
    private final Map<Long, Door> open = new HashMap<>();
    private final TreeSet<String> suspended = new TreeSet<>();
    private final AtomicInteger active = new AtomicInteger();
    private boolean shut;

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param present what is present
     * @param workers run postprocessors
     * @param events hears of arrivals
     * @param clock the time
     * @param settings as they are now
     * @param announced hears which transport is ready for which message, on any thread
     */
    public Doors(
            Loop loop,
            Supplier<Snapshot> present,
            Executor workers,
            Events events,
            Clock clock,
            Supplier<ReceiveSettings> settings,
            BiConsumer<String, SpoolId> announced) {
        this.loop = loop;
        this.present = present;
        this.workers = workers;
        this.clock = clock;
        this.settings = settings;
        this.announced = announced;
        this.turns = new Turns(() -> settings.get().atATime());
        this.arrivals = new Arrivals(events, clock);
    }

    /**
     * A transport is new, or has changed.
     *
     * @param transport as it is now
     */
    public void came(TransportEntry transport) {
        Door door = open.get(transport.id());
        if (door != null) {
            door.limit(transport.receptions());
        } else if (!shut && !suspended.contains(transport.name())) {
            begin(transport);
        }
    }

    private void begin(TransportEntry transport) {
        Door door = new Door(this, transport.name(), turns.place(transport.receptions()));
        open.put(transport.id(), door);
        try {
            transport.provider().openInbound(door);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("transport {} failed to open for incoming messages", transport.name(), e);
        }
    }

    /**
     * A transport has left: what it brings in may end.
     *
     * @param id its service id
     */
    public void left(long id) {
        Door door = open.remove(id);
        if (door != null) {
            door.close();
        }
    }

    private void end(TransportEntry transport) {
        left(transport.id());
        try {
            transport.provider().closeInbound();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("transport {} failed to close for incoming messages", transport.name(), e);
        }
    }

    /**
     * Ends inbound for all that are present, and for those that come, until {@link #open}.
     *
     * @param transports all of them
     */
    public void close(List<TransportEntry> transports) {
        shut = true;
        transports.stream().filter(entry -> open.containsKey(entry.id())).forEach(this::end);
    }

    /**
     * Begins inbound again for all that are not suspended by themselves. Without effect if it is open.
     *
     * @param transports those that are present
     */
    public void open(List<TransportEntry> transports) {
        if (shut) {
            shut = false;
            transports.forEach(this::came);
        }
    }

    /**
     * Whether a message is coming in. Any thread.
     *
     * @return true if so
     */
    public boolean isReceiving() {
        return active.get() > 0;
    }

    /**
     * Takes nothing in from a transport until {@link #resume}; what is coming in may end.
     *
     * @param name of the transport, present or not
     * @return false if it was suspended before
     */
    public boolean suspend(String name) {
        if (!suspended.add(name)) {
            return false;
        }
        named(name).filter(entry -> open.containsKey(entry.id())).forEach(this::end);
        return true;
    }

    /**
     * Ends a suspension.
     *
     * @param name of the transport
     * @return false if there was none
     */
    public boolean resume(String name) {
        if (!suspended.remove(name)) {
            return false;
        }
        named(name).filter(entry -> !shut && !open.containsKey(entry.id())).forEach(this::begin);
        return true;
    }

    private Stream<TransportEntry> named(String name) {
        return present.get().transports().stream().filter(entry -> entry.name().equals(name));
    }

    /**
     * What is suspended.
     *
     * @return a copy, in order
     */
    public List<Target> suspended() {
        return suspended.stream().map(Target::inbound).toList();
    }

    /** A turn has come: store, hooks and settings are those of this moment (R57). On the loop. */
    Intake begin(Inlet.Arrival arrival, Turns.Place place) throws SpoolException {
        Snapshot snapshot = present.get();
        StoreEntry store = snapshot.defaultStore()
                .orElseThrow(() -> new SpoolException(
                        SpoolException.Reason.NO_STORE, "no message store is present; start the bundle store-file"));
        ReceiveSettings now = settings.get();
        Postprocessing hooks = new Postprocessing(arrival, snapshot.postProcessors(), now);
        Folders folders = store.store().folders();
        Folders.Incoming incoming = ids.begin(arrival.id(), snapshot, folders);
        Intake intake =
                new Intake(incoming, folders.origins(), store.id(), arrival, hooks, new Means(place), now.limit());
        intake.watch(now.timeout());
        active.incrementAndGet();
        return intake;
    }

    /** What a reception needs of the core. */
    final class Means {

        private final Turns.Place place;

        private Means(Turns.Place place) {
            this.place = place;
        }

        Loop loop() {
            return loop;
        }

        Executor workers() {
            return workers;
        }

        Arrivals arrivals() {
            return arrivals;
        }

        Fates fates() {
            return fates;
        }

        Clock clock() {
            return clock;
        }

        /** Another one may have this id now. Any thread. */
        void free(SpoolId id) {
            loop.execute(() -> ids.end(id));
        }

        /** The turn is over. Any thread, once. */
        void done() {
            active.decrementAndGet();
            loop.execute(() -> turns.ended(place));
        }
    }

    /**
     * Where a message goes that no hook sees. Any thread.
     *
     * @param arrival what is known of it
     * @return the folder for its class
     * @throws SpoolException NOT_FOUND: there can be no such mailbox
     */
    public Folders.Filing filing(Inlet.Arrival arrival) throws SpoolException {
        return new Postprocessing(arrival, List.of(), settings.get()).byClass().target();
    }

    /**
     * A store is about to file copies by itself: they are told of in order with all others. Any thread.
     *
     * @param store its service id
     * @param filings where they go
     * @return to be called once, with what was filed in the same order, or nothing if it was not
     */
    public Consumer<List<Mailboxes.Entry>> expect(long store, List<Folders.Filing> filings) {
        List<String> boxes = filings.stream()
                .map(filing -> Arrivals.box(store, filing.mailbox()))
                .toList();
        List<Long> tickets = boxes.stream().map(arrivals::begin).toList();
        return copies -> {
            copies.forEach(copy -> fates.put(Fate.of(copy)));
            for (int i = 0; i < boxes.size(); i++) {
                arrivals.end(boxes.get(i), tickets.get(i), i < copies.size() ? copies.get(i) : null);
            }
        };
    }

    Origins origins() throws SpoolException {
        return AllOrigins.of(present);
    }

    Loop loop() {
        return loop;
    }

    Turns turns() {
        return turns;
    }

    ReceiveSettings settings() {
        return settings.get();
    }

    void announced(String transport, SpoolId message) {
        announced.accept(transport, message);
    }

    /**
     * What became of the messages that came in last.
     *
     * @return any thread
     */
    public Fates fates() {
        return fates;
    }
}
