package io.spooler.core;

import io.spooler.AddressPattern;
import io.spooler.RecipientState;
import io.spooler.core.claim.Pump;
import io.spooler.core.claim.StartWait;
import io.spooler.core.claim.Window;
import io.spooler.core.deliver.Delivery;
import io.spooler.core.deliver.Health;
import io.spooler.core.receive.Doors;
import io.spooler.core.registry.Away;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import io.spooler.store.MessageStore;
import io.spooler.store.QueueFilter;
import io.spooler.transport.TransportStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows what comes, changes and goes: tells the stations, and wakes what waited for it. Owned by the loop. */
final class Follower {

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    private final Window window;
    private final Doors doors;
    private final Health health;
    private final Delivery delivery;
    private final Pump pump;
    private final StartWait startWait;
    private final Supplier<TransportStatus> state;
    private Snapshot followed = Snapshot.NOTHING;

    /**
     * Assigns.
     *
     * @param window what is in work
     * @param doors let messages in
     * @param health knows how transports are
     * @param delivery lets messages out
     * @param pump claims
     * @param startWait knows whom routing waits for
     * @param state how the spooler itself is
     */
    Follower(
            Window window,
            Doors doors,
            Health health,
            Delivery delivery,
            Pump pump,
            StartWait startWait,
            Supplier<TransportStatus> state) {
        this.window = window;
        this.doors = doors;
        this.health = health;
        this.delivery = delivery;
        this.pump = pump;
        this.startWait = startWait;
        this.state = state;
    }

    /** What was present when it was last looked at. */
    Snapshot present() {
        return followed;
    }

    /**
     * Something came, changed or went.
     *
     * @param next what is present now
     */
    void follow(Snapshot next) {
        Snapshot before = followed;
        followed = next;
        before.stores().stream()
                .filter(store -> next.stores().stream().noneMatch(s -> s.id() == store.id()))
                .forEach(store -> storeLeft(store.id(), store.name()));
        before.transports().stream()
                .filter(transport -> next.transport(transport.id()).isEmpty())
                .forEach(this::left);
        next.transports().forEach(transport -> came(before.transport(transport.id()), transport));
        before.away().stream()
                .filter(away -> next.away().stream().noneMatch(a -> a.name().equals(away.name())))
                .forEach(this::notAway);
        next.stores().stream()
                .filter(store -> before.stores().stream().noneMatch(s -> s.id() == store.id()))
                .forEach(store -> {
                    LOG.info("store {} is present", store.name());
                    next.transports().forEach(transport -> wake(store.store(), transport.carries()));
                });
        health.spooler(state.get());
        if (!before.transports().equals(next.transports()) || !before.stores().equals(next.stores())) {
            delivery.reroute();
            pump.request();
        }
        startWait.look(next);
    }

    private void storeLeft(long id, String name) {
        LOG.info("store {} has left", name);
        window.all().stream().filter(message -> message.store().id() == id).forEach(window::drop);
        delivery.storeLeft(id);
    }

    private void left(TransportEntry transport) {
        String away = followed.away().stream()
                .filter(a -> a.name().equals(transport.name()))
                .map(a -> "away: " + a.reason())
                .findFirst()
                .orElse("gone");
        LOG.info("transport {} has left; {}", transport.name(), away);
        doors.left(transport.id());
        delivery.left(transport.id());
    }

    /** Who does not come back, or is seen to carry less than everything: whom it held is looked at anew (R35). */
    private void notAway(Away away) {
        boolean gone = !followed.isPresent(away.name());
        if (gone) {
            LOG.info("transport {} is gone: neither a configuration nor the settings speak of it", away.name());
        }
        if (gone || (!away.seen() && startWait.until() == null)) {
            followed.stores().forEach(store -> wake(store.store(), away.carries()));
            pump.request();
        }
    }

    private void came(Optional<TransportEntry> before, TransportEntry transport) {
        if (before.isPresent() && before.get().equals(transport)) {
            return;
        }
        LOG.info("transport {} carries {}", transport.name(), transport.carries());
        doors.came(transport);
        health.present(transport);
        wake(transport);
    }

    /**
     * What has rested or waited for a transport may go.
     *
     * @param transport one that is present
     */
    void wake(TransportEntry transport) {
        delivery.wake(transport.id());
        followed.stores().forEach(store -> wake(store.store(), transport.carries()));
    }

    private static void wake(MessageStore store, List<AddressPattern> carried) {
        if (!carried.isEmpty()) {
            store.wake(new QueueFilter(Set.of(RecipientState.WAITING), carried));
        }
    }
}
