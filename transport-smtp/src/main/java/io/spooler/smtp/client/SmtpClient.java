package io.spooler.smtp.client;

import io.spooler.settings.SettingsException;
import io.spooler.smtp.net.EventLoops;
import io.spooler.transport.Consignment;
import io.spooler.transport.Outcome;
import io.spooler.transport.TokenSupplier;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages to one smart host. All recipients are one lane: there is one server for all of them.
 *
 * <p>Any thread; nothing blocks but {@link #close()}. Settings may change at any time: messages being sent finish under
 * the former ones, those that wait go over connections under the new ones. Before the first valid settings nothing is
 * carried, and the status says why.
 */
final class SmtpClient implements TransportProvider, AutoCloseable {

    private final String name;
    private final EventLoops loops;
    private final Function<String, @Nullable TokenSupplier> tokens;
    private final Clock clock;
    private final Duration grace;
    private final Resolver resolver = new Resolver();
    private final Health health;
    private final Set<Pool> pools = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Pool current;
    private volatile String refusal = "no settings";

    /**
     * Carries nothing yet.
     *
     * @param name of the transport
     * @param loops where connections live
     * @param tokens finds a supplier of tokens by its name
     * @param clock tells deadlines
     * @param grace how long a message being sent may take when the settings change or the transport stops
     */
    SmtpClient(
            String name,
            EventLoops loops,
            Function<String, @Nullable TokenSupplier> tokens,
            Clock clock,
            Duration grace) {
        this.name = name;
        this.loops = loops;
        this.tokens = tokens;
        this.clock = clock;
        this.grace = grace;
        this.health = new Health(name, clock);
    }

    /**
     * Works under new settings from now on. Not to be called by two threads at once.
     *
     * @param settings the new ones
     * @throws SettingsException if the certificates cannot be used; the former settings stay
     */
    void apply(ClientSettings settings) throws SettingsException {
        Pool next = new Pool(new Site(name, settings, Tls.of(settings), loops, resolver, tokens, health));
        Pool former = current;
        pools.add(next);
        current = next;
        health.reset();
        if (former != null) {
            retire(former);
        }
    }

    private void retire(Pool former) {
        former.stop(this::submit);
        former.empty().thenRun(() -> pools.remove(former));
        loops.group().schedule(former::abort, grace.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    /**
     * There are no valid settings.
     *
     * @param why for the status
     */
    void refuse(String why) {
        refusal = why;
    }

    @Override
    public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
        Transfer transfer = new Transfer(consignment, clock);
        if (consignment.isCancelled()) {
            transfer.handBack();
        } else {
            submit(transfer);
            consignment.onCancel(() -> cancel(transfer));
        }
        return transfer.answer();
    }

    private void submit(Transfer transfer) {
        Pool pool = current;
        try {
            // Between the two reads the settings may have changed; then the next pool takes it.
            while (pool != null && !pool.submit(transfer)) {
                pool = pool == current ? null : current;
            }
        } catch (RejectedExecutionException loopsStopped) {
            pool = null;
        }
        if (pool == null) {
            transfer.handBack();
        }
    }

    private void cancel(Transfer transfer) {
        pools.forEach(pool -> pool.cancelQueued(transfer));
        Connection carrier = transfer.carrier();
        if (carrier != null) {
            carrier.cancel(transfer);
        }
    }

    @Override
    public TransportStatus status() {
        Pool pool = current;
        return pool == null
                ? new TransportStatus(Condition.FAILED, refusal)
                : health.status(pool.site().settings().server());
    }

    @Override
    public CompletionStage<TransportStatus> validate() {
        Pool pool = current;
        return pool == null ? CompletableFuture.completedFuture(status()) : new Probe(pool.site()).start();
    }

    /** Stops: what is being sent may finish within the grace, all else is handed back at once. Blocks that long. */
    @Override
    public void close() {
        current = null;
        refusal = "stopped";
        List<Pool> all = List.copyOf(pools);
        all.forEach(pool -> pool.stop(Transfer::handBack));
        long end = System.nanoTime() + grace.toNanos();
        for (Pool pool : all) {
            pool.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        resolver.close();
    }
}
