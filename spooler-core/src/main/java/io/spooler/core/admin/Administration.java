package io.spooler.core.admin;

import static java.time.temporal.ChronoUnit.SECONDS;

import io.spooler.MessageStatus;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.admin.Filter;
import io.spooler.admin.Order;
import io.spooler.admin.SpoolAdmin;
import io.spooler.admin.SpoolStatus;
import io.spooler.core.claim.StartWait;
import io.spooler.core.claim.Window;
import io.spooler.core.deliver.Delivery;
import io.spooler.core.deliver.Health;
import io.spooler.core.event.Events;
import io.spooler.core.loop.Loop;
import io.spooler.core.receive.Doors;
import io.spooler.core.registry.Away;
import io.spooler.core.registry.HookEntry;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.StoreEntry;
import io.spooler.core.registry.TransportEntry;
import io.spooler.store.QueueFilter;
import io.spooler.transport.TraceEntry;
import io.spooler.transport.TransportProvider.Operation;
import io.spooler.transport.TransportStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an administrator can ask, and order of the queue. Any thread but the loop; waits for the loop and for group commits. */
public final class Administration implements SpoolAdmin {

    private static final int COUNT_WAITING = 10_000;

    private final Loop loop;
    private final Clock clock;
    private final Supplier<Snapshot> present;
    private final Supplier<Duration> maxAge;
    private final Window window;
    private final StartWait startWait;
    private final Delivery delivery;
    private final Health health;
    private final Supplier<TransportStatus> state;
    private final Doors doors;
    private final Desk desk;
    private final Search search;
    private final Routes routes;
    private final Orders orders;

    /**
     * Builds its parts from plain values.
     *
     * @param loop owns the state
     * @param clock the time
     * @param random for the ids of orders, safe for all threads
     * @param present what is present
     * @param maxAge at which a recipient is given up, as it is now
     * @param window what is in work
     * @param startWait knows whom routing waits for
     * @param delivery knows the lanes
     * @param health knows how the transports are
     * @param state how the spooler itself is; asked on the loop
     * @param doors lets messages in
     * @param desk changes messages
     * @param events hears of orders
     */
    public Administration(
            Loop loop,
            Clock clock,
            RandomGenerator random,
            Supplier<Snapshot> present,
            Supplier<Duration> maxAge,
            Window window,
            StartWait startWait,
            Delivery delivery,
            Health health,
            Supplier<TransportStatus> state,
            Doors doors,
            Desk desk,
            Events events) {
        this.loop = loop;
        this.clock = clock;
        this.present = present;
        this.maxAge = maxAge;
        this.window = window;
        this.startWait = startWait;
        this.delivery = delivery;
        this.health = health;
        this.state = state;
        this.doors = doors;
        this.desk = desk;
        this.search = new Search(loop, present, window);
        this.routes = new Routes(loop, delivery);
        this.orders = new Orders(clock, search, desk, new Audit(loop, clock, random, events));
    }

    @Override
    public List<MessageStatus> query(Filter filter, @Nullable SpoolId after, int limit) {
        return search.first(new Matcher(filter, clock.instant()), after, limit);
    }

    @Override
    public Optional<List<Explanation>> why(SpoolId id) {
        return desk.view(id).join().map(view -> {
            Explainer explainer = new Explainer(
                    view.message(), present.get(), routes, maxAge.get(), startWait.until(), clock.instant());
            List<Explanation> explanations = new ArrayList<>();
            for (int i = 0; i < view.status().recipients().size(); i++) {
                RecipientStatus r = view.status().recipients().get(i);
                explanations.add(new Explanation(
                        r.recipient().address().toString(),
                        explainer.explain(r, view.declined().getOrDefault(i, Set.of()))));
            }
            return explanations;
        });
    }

    @Override
    public List<Hop> route(Recipient recipient, long size) {
        return routes.of(recipient, size, present.get());
    }

    @Override
    public Order.Result preview(Order order) {
        return orders.preview(order);
    }

    @Override
    public Order.Result change(Order order) {
        return orders.change(order);
    }

    @Override
    public Order.Result undo(SpoolId order, String by) {
        return orders.undo(order, by);
    }

    /**
     * Makes recipients due at once that are deferred and wait for nothing any more. Blocks as an order does, of which it is a
     * part.
     *
     * @param which whom
     */
    public void again(Predicate<RecipientStatus> which) {
        orders.again(which);
    }

    @Override
    public Optional<Runnable> trace(Target what, Consumer<TraceEntry> watcher) {
        return present.get().transports().stream()
                .filter(entry -> entry.name().equals(what.transport()))
                .findFirst()
                .flatMap(entry -> entry.provider().trace(what.lane(), watcher));
    }

    @Override
    public SpoolStatus status() {
        Snapshot snapshot = present.get();
        Map<String, Long> waiting = waiting(snapshot);
        return loop.call(() -> new SpoolStatus(
                        new SpoolStatus.SpoolerRow(
                                state.get(), EnumSet.of(Operation.VALIDATE, Operation.FLUSH), delivery.inFlight()),
                        snapshot.stores().stream().map(Administration::row).toList(),
                        Stream.concat(
                                        snapshot.transports().stream().map(this::row),
                                        snapshot.away().stream().map(this::row))
                                .toList(),
                        Stream.of(
                                        snapshot.preProcessors().stream().map(hook -> row(hook, "out")),
                                        snapshot.outboundHooks().stream().map(hook -> row(hook, "sent")),
                                        snapshot.postProcessors().stream().map(hook -> row(hook, "in")))
                                .flatMap(rows -> rows)
                                .toList(),
                        window.recipients(),
                        waiting,
                        suspended()))
                .join();
    }

    /** On the loop. */
    private List<Target> suspended() {
        return Stream.concat(delivery.suspended().stream(), doors.suspended().stream())
                .toList();
    }

    private static SpoolStatus.StoreRow row(StoreEntry entry) {
        return new SpoolStatus.StoreRow(entry.name(), entry.store().status());
    }

    private SpoolStatus.TransportRow row(TransportEntry entry) {
        Health.View view = health.view(entry);
        return new SpoolStatus.TransportRow(
                entry.name(),
                entry.types(),
                entry.patterns().stream().map(Object::toString).toList(),
                entry.ranking(),
                view.status(),
                delivery.inFlight(entry.id()),
                entry.operations(),
                view.success(),
                view.error());
    }

    /** Not there, and shown all the same: what only it carries is held for it. */
    private SpoolStatus.TransportRow row(Away away) {
        Instant until = startWait.until();
        String start =
                until == null || !away.named() ? "" : "; routing waits for it until " + until.truncatedTo(SECONDS);
        return new SpoolStatus.TransportRow(
                away.name(),
                List.of(),
                away.carries().stream().map(Object::toString).toList(),
                0,
                new TransportStatus(TransportStatus.Condition.OFFLINE, "away: " + away.reason() + start),
                0,
                Set.of(),
                null,
                null);
    }

    private static SpoolStatus.HookRow row(HookEntry<?> entry, String direction) {
        return new SpoolStatus.HookRow(entry.name(), direction, entry.ranking());
    }

    /** Counted over the first ten thousand waiting messages: a look, not an account. */
    private static Map<String, Long> waiting(Snapshot snapshot) {
        QueueFilter filter = new QueueFilter(Set.of(RecipientState.WAITING), List.of());
        Map<String, Long> counts = new TreeMap<>();
        for (StoreEntry entry : snapshot.stores()) {
            for (MessageStatus message : entry.store().query(filter, null, COUNT_WAITING)) {
                for (RecipientStatus recipient : message.recipients()) {
                    if (recipient.state() == RecipientState.WAITING) {
                        counts.merge(recipient.recipient().address().type(), 1L, Long::sum);
                    }
                }
            }
        }
        return counts;
    }
}
