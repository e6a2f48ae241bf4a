package io.spooler.smtp.client;

import io.spooler.Address;
import io.spooler.settings.SettingsException;
import io.spooler.smtp.net.EventLoops;
import io.spooler.transport.Consignment;
import io.spooler.transport.Outcome;
import io.spooler.transport.TokenSupplier;
import io.spooler.transport.TraceEntry;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages to smart hosts, or to the mail exchangers of their recipients. To smart hosts all recipients are one
 * lane; for direct delivery each domain is one.
 *
 * <p>Any thread; nothing blocks but {@link #close()}. Settings may change at any time: messages being sent finish under
 * the former ones, those that wait go over connections under the new ones. Before the first valid settings nothing is
 * carried, and the status says why.
 */
final class SmtpClient implements TransportProvider, AutoCloseable {

    /** Within what a connection may take to find its servers. */
    private static final Duration POLICY_TIME = Duration.ofSeconds(20);

    private final String name;
    private final EventLoops loops;
    private final Function<String, @Nullable TokenSupplier> tokens;
    private final Predicate<InetAddress> own;
    private final Function<String, URI> policies;
    private final Clock clock;
    private final Duration grace;
    private final Resolver resolver = new Resolver();
    private final Rests rests = new Rests();
    private final StsCache policyCache = new StsCache();
    private final Health health;
    private final Tracer tracer;
    private final Set<Pools> generations = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Pools current;
    private volatile String refusal = "no settings";

    /**
     * Carries nothing yet.
     *
     * @param name of the transport
     * @param loops where connections live
     * @param tokens finds a supplier of tokens by its name
     * @param own tells addresses of this system, to which nothing is delivered directly
     * @param policies where the MTA-STS policy of a domain is
     * @param clock tells deadlines
     * @param grace how long a message being sent may take when the settings change or the transport stops
     */
    SmtpClient(
            String name,
            EventLoops loops,
            Function<String, @Nullable TokenSupplier> tokens,
            Predicate<InetAddress> own,
            Function<String, URI> policies,
            Clock clock,
            Duration grace) {
        this.name = name;
        this.loops = loops;
        this.tokens = tokens;
        this.own = own;
        this.policies = policies;
        this.clock = clock;
        this.grace = grace;
        this.health = new Health(name, clock);
        this.tracer = new Tracer(clock);
    }

    /**
     * Works under new settings from now on. Not to be called by two threads at once.
     *
     * @param settings the new ones
     * @throws SettingsException if the certificates or the name service cannot be used; the former settings stay
     */
    void apply(ClientSettings settings) throws SettingsException {
        Tls tls = Tls.of(settings, clock);
        Function<String, Finder> finders = finders(settings, tls);
        Pools next = new Pools(
                settings,
                destination -> new Site(
                        name,
                        settings,
                        destination,
                        finders.apply(destination),
                        rests,
                        tls,
                        loops,
                        resolver,
                        tokens,
                        health,
                        tracer));
        Pools former = current;
        generations.add(next);
        current = next;
        health.reset();
        if (former != null) {
            retire(former);
        }
    }

    private Function<String, Finder> finders(ClientSettings settings, Tls tls) throws SettingsException {
        if (!settings.direct()) {
            Finder relays = new RelayFinder(
                    settings.relays(),
                    resolver,
                    () -> ThreadLocalRandom.current().nextDouble());
            return nowhere -> relays;
        }
        try {
            Names names = new Dns(settings.dns(), loops.group());
            Function<String, Finder> all = domain -> exchangers(domain, settings, names);
            return switch (settings.tls().policy()) {
                case DANE_ONLY -> dane(settings);
                case DANE -> sts(dane(settings), names, tls);
                case STS -> sts(all, names, tls);
                default -> all;
            };
        } catch (LinkageError absent) {
            throw new SettingsException(
                    List.of(ClientSettings.PID + ": direct=true needs the bundle dnsjava, which is not there"));
        }
    }

    private Finder exchangers(String domain, ClientSettings settings, Names names) {
        return new MxFinder(domain, settings.port(), settings.helo(), names, own);
    }

    private Function<String, Finder> sts(Function<String, Finder> finders, Names names, Tls tls) {
        StsFetch fetch = new HttpsFetch(policies, tls.trust(), resolver.worker(), POLICY_TIME);
        Sts sts = new Sts(names, fetch, policyCache, clock);
        return domain -> new StsFinder(domain, finders.apply(domain), sts);
    }

    private Function<String, Finder> dane(ClientSettings settings) throws SettingsException {
        SecureNames secure = SecureDns.of(settings, loops.group());
        boolean only = settings.tls().policy() == TlsPolicy.DANE_ONLY;
        return domain -> new DaneFinder(names -> exchangers(domain, settings, names), secure, settings.port(), only);
    }

    private void retire(Pools former) {
        former.stop(this::submit);
        former.empty().thenRun(() -> generations.remove(former));
        loops.group().schedule(former::abort, grace.toMillis(), TimeUnit.MILLISECONDS);
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
        Pools pools = current;
        try {
            // Between the two reads the settings may have changed; then the next pools take it.
            while (pools != null && !pools.submit(destination(pools, transfer), transfer)) {
                pools = pools == current ? null : current;
            }
        } catch (RejectedExecutionException loopsStopped) {
            pools = null;
        }
        if (pools == null) {
            transfer.handBack();
        }
    }

    private static String destination(Pools pools, Transfer transfer) {
        return destination(pools, transfer.consignment().recipients().get(0).address());
    }

    private static String destination(Pools pools, Address address) {
        String value = address.value();
        return pools.settings().direct()
                ? value.substring(value.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT)
                : "";
    }

    @Override
    public String lane(Address address) {
        Pools pools = current;
        return pools == null ? "" : destination(pools, address);
    }

    private void cancel(Transfer transfer) {
        generations.forEach(pools -> pools.cancelQueued(transfer));
        Connection carrier = transfer.carrier();
        if (carrier != null) {
            carrier.cancel(transfer);
        }
    }

    @Override
    public Optional<Runnable> trace(@Nullable String lane, Consumer<TraceEntry> watcher) {
        return Optional.of(tracer.watch(lane, watcher));
    }

    @Override
    public TransportStatus status() {
        Pools pools = current;
        return pools == null
                ? new TransportStatus(Condition.FAILED, refusal)
                : health.status(pools.settings().server());
    }

    /** Connects, greets, encrypts, logs in and quits; for direct delivery, where there is no one server, only looks. */
    @Override
    public CompletionStage<TransportStatus> validate() {
        Pools pools = current;
        return pools == null || pools.settings().direct()
                ? CompletableFuture.completedFuture(status())
                : new Probe(pools.site("")).start();
    }

    /** Stops: what is being sent may finish within the grace, all else is handed back at once. Blocks that long. */
    @Override
    public void close() {
        current = null;
        refusal = "stopped";
        List<Pools> all = List.copyOf(generations);
        all.forEach(pools -> pools.stop(Transfer::handBack));
        long end = System.nanoTime() + grace.toNanos();
        all.forEach(pools -> pools.awaitEnd(end));
        resolver.close();
        tracer.close();
    }
}
