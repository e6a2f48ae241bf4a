package io.spooler.core.control;

import io.spooler.AddressPattern;
import io.spooler.RecipientState;
import io.spooler.admin.SpoolControl.Flush;
import io.spooler.admin.SpoolControl.Flush.State;
import io.spooler.core.claim.Pump;
import io.spooler.core.claim.Window;
import io.spooler.core.deliver.Delivery;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import io.spooler.store.QueueFilter;
import io.spooler.transport.TransportProvider.Operation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flushes one transport after the other, outgoing before incoming (R66). A visit ends when what was due at its beginning has
 * been tried and the transport has nothing more to do; or after a while, so that one that is slow does not keep the others.
 * Mail that has nothing to do with the flush goes on beside it. Runs on the loop.
 */
public final class Flushing {

    private static final Logger LOG = LoggerFactory.getLogger(Flushing.class);
    /** To count what is left takes a walk through all that is in work. */
    private static final long PROGRESS = Duration.ofMillis(250).toNanos();

    private final Loop loop;
    private final Clock clock;
    private final Supplier<Snapshot> present;
    private final Pump pump;
    private final Delivery delivery;
    private final Ready ready;
    private final Supplier<Duration> limit;
    private final Patience patience;
    private @Nullable Round round;
    private volatile @Nullable Flush now;

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param present what is present
     * @param window what is in work
     * @param pump claims
     * @param delivery ends rests
     * @param limit how long a visit may take
     */
    public Flushing(
            Loop loop,
            Clock clock,
            Supplier<Snapshot> present,
            Window window,
            Pump pump,
            Delivery delivery,
            Supplier<Duration> limit) {
        this.loop = loop;
        this.clock = clock;
        this.present = present;
        this.pump = pump;
        this.delivery = delivery;
        this.ready = new Ready(window, present);
        this.limit = limit;
        this.patience = new Patience(loop);
    }

    /** One flush. Transports by their ids: one that leaves meanwhile is passed over. */
    private static final class Round {

        private final CompletableFuture<Flush> end = new CompletableFuture<>();
        private final Deque<Long> next = new ArrayDeque<>();
        private final Set<AddressPattern> woken = new HashSet<>();
        private final int all;
        private int visited;
        private long recipients;
        private long shown;

        private Round(List<TransportEntry> transports) {
            transports.forEach(transport -> next.add(transport.id()));
            this.all = next.size();
        }
    }

    /**
     * Begins.
     *
     * @param transports which, in order
     * @return completes when it has ended; BUSY at once if one is running
     */
    public CompletionStage<Flush> begin(List<TransportEntry> transports) {
        if (round != null) {
            return CompletableFuture.completedFuture(new Flush(State.BUSY, null, false, 0, 0, 0, 0));
        }
        Round begun = new Round(transports);
        round = begun;
        now = new Flush(State.RUNNING, null, false, 0, begun.all, 0, 0);
        transports.forEach(transport -> delivery.wake(transport.id()));
        visit(begun);
        return begun.end;
    }

    private void visit(Round of) {
        while (!of.next.isEmpty()) {
            of.visited++;
            Optional<TransportEntry> transport = present.get().transport(of.next.remove());
            if (transport.isPresent()) {
                outbound(of, transport.get());
                return;
            }
        }
        end(State.DONE);
    }

    private void outbound(Round of, TransportEntry transport) {
        if (transport.carries().isEmpty()) {
            inbound(of, transport);
            return;
        }
        long woken = wake(of, transport);
        of.recipients += woken;
        show(of, transport, false, woken);
        Instant begin = clock.instant();
        CompletableFuture<?> own = ask(transport, () -> transport.provider().flushOutbound());
        wait(of, transport, false, begin, own, () -> inbound(of, transport));
    }

    /** What another transport has had made due is not made due once more. */
    private long wake(Round of, TransportEntry transport) {
        List<AddressPattern> patterns = new ArrayList<>(transport.carries());
        patterns.removeIf(pattern -> !of.woken.add(pattern));
        if (patterns.isEmpty()) {
            return 0;
        }
        QueueFilter deferred = new QueueFilter(Set.of(RecipientState.DEFERRED), patterns);
        int woken = present.get().stores().stream()
                .mapToInt(entry -> entry.store().wake(deferred))
                .sum();
        pump.request();
        return woken;
    }

    private void inbound(Round of, TransportEntry transport) {
        if (!transport.operations().containsAll(EnumSet.of(Operation.INBOUND, Operation.FLUSH))) {
            visit(of);
            return;
        }
        show(of, transport, true, 0);
        CompletableFuture<?> own = ask(transport, () -> transport.provider().flushInbound());
        wait(of, transport, true, clock.instant(), own, () -> visit(of));
    }

    private static CompletableFuture<?> ask(TransportEntry transport, Supplier<CompletionStage<?>> flush) {
        if (!transport.operations().contains(Operation.FLUSH)) {
            return CompletableFuture.completedFuture(false);
        }
        try {
            return flush.get().toCompletableFuture();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("transport {} failed to flush", transport.name(), e);
            return CompletableFuture.completedFuture(false);
        }
    }

    private void wait(
            Round of,
            TransportEntry transport,
            boolean inbound,
            Instant begin,
            CompletableFuture<?> own,
            Runnable then) {
        long until = loop.nanos() + limit.get().toNanos();
        long id = transport.id();
        List<AddressPattern> carried = transport.carries();
        patience.begin(() -> {
            boolean left = !inbound && (ready.isInWork(begin, carried) || ready.isStored(begin));
            boolean over = (!left && own.isDone())
                    || loop.nanos() - until >= 0
                    || present.get().transport(id).isEmpty();
            if (over) {
                then.run();
            } else if (loop.nanos() - of.shown >= PROGRESS) {
                show(of, transport, inbound, inbound ? 0 : ready.inWork(begin, carried));
            }
            return over;
        });
    }

    private void show(Round of, TransportEntry transport, boolean inbound, long left) {
        of.shown = loop.nanos();
        now = new Flush(State.RUNNING, transport.name(), inbound, of.visited, of.all, of.recipients, left);
    }

    private void end(State state) {
        Round ended = round;
        Flush last = now;
        if (ended != null && last != null) {
            patience.end();
            round = null;
            now = null;
            ended.end.complete(new Flush(
                    state, last.transport(), last.inbound(), ended.visited, ended.all, ended.recipients, last.left()));
        }
    }

    /**
     * Visits no other transport.
     *
     * @return false if no flush was running
     */
    public boolean cancel() {
        boolean running = round != null;
        end(State.CANCELLED);
        return running;
    }

    /**
     * How far it is. Any thread.
     *
     * @return the flush that is running, or empty
     */
    public Optional<Flush> now() {
        return Optional.ofNullable(now);
    }
}
