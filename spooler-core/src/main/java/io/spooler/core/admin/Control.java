package io.spooler.core.admin;

import io.spooler.RecipientStatus;
import io.spooler.admin.Order;
import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.admin.SpoolControl;
import io.spooler.core.control.Flushing;
import io.spooler.core.control.Gate;
import io.spooler.core.control.Probes;
import io.spooler.core.deliver.Delivery;
import io.spooler.core.event.Events;
import io.spooler.core.loop.Loop;
import io.spooler.core.receive.Doors;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an administrator orders of the running core. Any thread but the loop; waits for the loop. */
public final class Control implements SpoolControl {

    private static final int MOST_SUSPENDED = 1000;

    private final Loop loop;
    private final Supplier<Snapshot> present;
    private final Delivery delivery;
    private final Doors doors;
    private final Probes probes;
    private final Flushing flushing;
    private final Gate gate;
    private final Consumer<Predicate<RecipientStatus>> again;
    private final Audit audit;

    /**
     * Assigns.
     *
     * @param loop owns the state
     * @param clock the time
     * @param random for the ids of orders, safe for all threads
     * @param present what is present
     * @param delivery suspends
     * @param doors suspends what comes in
     * @param probes check transports
     * @param flushing flushes
     * @param gate closes and opens
     * @param again makes recipients due that are deferred and wait for nothing any more
     * @param events hears of orders
     */
    public Control(
            Loop loop,
            Clock clock,
            RandomGenerator random,
            Supplier<Snapshot> present,
            Delivery delivery,
            Doors doors,
            Probes probes,
            Flushing flushing,
            Gate gate,
            Consumer<Predicate<RecipientStatus>> again,
            Events events) {
        this.loop = loop;
        this.present = present;
        this.delivery = delivery;
        this.doors = doors;
        this.probes = probes;
        this.flushing = flushing;
        this.gate = gate;
        this.again = again;
        this.audit = new Audit(loop, clock, random, events);
    }

    @Override
    public boolean suspend(Target what, String by) {
        Optional<Boolean> changed = loop.call(() -> {
                    List<Target> suspended = Stream.concat(delivery.suspended().stream(), doors.suspended().stream())
                            .toList();
                    boolean full = suspended.size() >= MOST_SUSPENDED && !suspended.contains(what);
                    return full
                            ? Optional.<Boolean>empty()
                            : Optional.of(what.inbound() ? doors.suspend(what.transport()) : delivery.suspend(what));
                })
                .join();
        if (changed.isEmpty()) {
            throw new IllegalStateException(MOST_SUSPENDED + " transports and lanes are suspended");
        }
        audit.tell(by, "SUSPEND " + what);
        return changed.get();
    }

    @Override
    public boolean resume(Target what, String by) {
        boolean changed = loop.call(() -> what.inbound() ? doors.resume(what.transport()) : delivery.resume(what))
                .join();
        audit.tell(by, "RESUME " + what);
        if (changed && !what.inbound()) {
            again.accept(status -> delivery.isDeferredBy(what, status));
        }
        return changed;
    }

    @Override
    public List<String> validate(@Nullable String transport, String by) {
        List<TransportEntry> chosen = chosen(transport);
        audit.tell(by, "VALIDATE" + name(transport));
        return loop.call(() -> {
                    chosen.forEach(probes::begin);
                    return chosen.stream().map(TransportEntry::name).toList();
                })
                .join();
    }

    private List<TransportEntry> chosen(@Nullable String name) {
        List<TransportEntry> all = present.get().transports();
        List<TransportEntry> chosen = all.stream()
                .filter(entry -> name == null || entry.name().equals(name))
                .toList();
        if (chosen.isEmpty() && name != null) {
            throw new IllegalArgumentException("no transport named " + name + " is present");
        }
        return chosen;
    }

    private static String name(@Nullable String transport) {
        return transport == null ? "" : " " + transport;
    }

    @Override
    public CompletionStage<Flush> flush(@Nullable String transport, String by) {
        List<TransportEntry> chosen = chosen(transport);
        CompletableFuture<Flush> end = loop.follow(() -> gate.isSending()
                ? flushing.begin(chosen)
                : CompletableFuture.completedFuture(new Flush(Flush.State.BUSY, null, false, 0, 0, 0, 0)));
        return end.thenApply(flush -> {
            if (flush.state() != Flush.State.BUSY) {
                // A wake does not say of how many messages.
                audit.tell(
                        by, "FLUSH" + name(transport), new Order.Result(audit.newId(), 0, flush.woken(), 0, 0, false));
            }
            return flush;
        });
    }

    @Override
    public Optional<Flush> flushing() {
        return flushing.now();
    }

    @Override
    public boolean cancelFlush(String by) {
        boolean running = loop.call(flushing::cancel).join();
        audit.tell(by, "CANCEL FLUSH");
        return running;
    }

    @Override
    public CompletionStage<Closed> close(Closing how, String by) {
        audit.tell(by, "CLOSE " + how);
        return loop.follow(() -> gate.close(how));
    }

    @Override
    public boolean open(String by) {
        boolean changed = loop.call(gate::open).join();
        audit.tell(by, "OPEN");
        return changed;
    }
}
