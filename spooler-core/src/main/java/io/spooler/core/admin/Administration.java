package io.spooler.core.admin;

import io.spooler.Address;
import io.spooler.MessageStatus;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolAdmin;
import io.spooler.admin.SpoolStatus;
import io.spooler.core.claim.Pump;
import io.spooler.core.claim.Window;
import io.spooler.core.deliver.Delivery;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.HookEntry;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.StoreEntry;
import io.spooler.core.registry.TransportEntry;
import io.spooler.core.route.Router;
import io.spooler.store.QueueFilter;
import io.spooler.transport.TransportStatus;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an administrator can ask and order. Any thread but the loop; waits for the loop and for group commits. */
public final class Administration implements SpoolAdmin {

    private static final int PAGE = 500;
    private static final int COUNT_WAITING = 10_000;
    private static final Set<RecipientState> SLEEPING = EnumSet.of(RecipientState.WAITING, RecipientState.DEFERRED);

    private final Loop loop;
    private final Clock clock;
    private final Supplier<Snapshot> present;
    private final Window window;
    private final Pump pump;
    private final Delivery delivery;
    private final Desk desk;

    /**
     * Assigns.
     *
     * @param loop owns the state
     * @param clock the time
     * @param present what is present
     * @param window what is in work
     * @param pump claims
     * @param delivery knows the lanes
     * @param desk changes messages
     */
    public Administration(
            Loop loop,
            Clock clock,
            Supplier<Snapshot> present,
            Window window,
            Pump pump,
            Delivery delivery,
            Desk desk) {
        this.loop = loop;
        this.clock = clock;
        this.present = present;
        this.window = window;
        this.pump = pump;
        this.delivery = delivery;
        this.desk = desk;
    }

    @Override
    public List<MessageStatus> query(QueueFilter filter, @Nullable SpoolId after, int limit) {
        // A recipient in work is shown as OFFERED, so the state is looked at here and not in the store.
        QueueFilter wide = new QueueFilter(Set.of(), filter.patterns());
        List<MessageStatus> found = new ArrayList<>();
        SpoolId last = after;
        while (found.size() < limit) {
            List<MessageStatus> page = page(wide, last);
            if (page.isEmpty()) {
                break;
            }
            last = page.get(page.size() - 1).id();
            page.stream()
                    .filter(m -> m.recipients().stream().anyMatch(filter::matches))
                    .limit(limit - found.size())
                    .forEach(found::add);
        }
        return found;
    }

    private List<MessageStatus> page(QueueFilter filter, @Nullable SpoolId after) {
        return loop.call(() -> present.get().stores().stream()
                        .flatMap(entry -> entry.store().query(filter, after, PAGE).stream())
                        .sorted(Comparator.comparing(MessageStatus::id))
                        .limit(PAGE)
                        .map(m -> window.find(m.id())
                                .map(active -> active.status(false))
                                .orElse(m))
                        .toList())
                .join();
    }

    @Override
    public Optional<List<Explanation>> why(SpoolId id) {
        Snapshot snapshot = present.get();
        return desk.find(id)
                .join()
                .map(status -> status.recipients().stream()
                        .map(r -> new Explanation(
                                r.recipient().address().toString(), Explainer.explain(r, snapshot, clock.instant())))
                        .toList());
    }

    @Override
    public List<Hop> route(Address address) {
        return Router.route(Recipient.of(address), present.get()).stream()
                .map(hop -> new Hop(
                        hop.transport().name(),
                        hop.rule(),
                        hop.transport().provider().lane(address)))
                .toList();
    }

    @Override
    public int hold(QueueFilter filter, @Nullable SpoolId id) {
        return change(filter, id, EnumSet.complementOf(EnumSet.of(RecipientState.HELD)), RecipientState.HELD);
    }

    @Override
    public int release(QueueFilter filter, @Nullable SpoolId id) {
        return change(filter, id, EnumSet.of(RecipientState.HELD), RecipientState.READY);
    }

    @Override
    public int retry(QueueFilter filter, @Nullable SpoolId id) {
        return change(filter, id, SLEEPING, RecipientState.READY);
    }

    @Override
    public int cancel(QueueFilter filter, @Nullable SpoolId id) {
        return change(filter, id, EnumSet.allOf(RecipientState.class), RecipientState.CANCELLED);
    }

    private int change(QueueFilter filter, @Nullable SpoolId id, Set<RecipientState> from, RecipientState to) {
        if (id != null) {
            return change(filter, from, to, id);
        }
        int count = 0;
        SpoolId last = null;
        for (List<MessageStatus> page = query(filter, last, PAGE); !page.isEmpty(); page = query(filter, last, PAGE)) {
            for (MessageStatus message : page) {
                count += change(filter, from, to, message.id());
            }
            last = page.get(page.size() - 1).id();
        }
        return count;
    }

    private int change(QueueFilter filter, Set<RecipientState> from, RecipientState to, SpoolId id) {
        return desk.change(id, status -> from.contains(status.state()) && filter.matches(status), to)
                .join();
    }

    @Override
    public void flush() {
        loop.call(() -> {
                    delivery.wake();
                    QueueFilter deferred = new QueueFilter(EnumSet.of(RecipientState.DEFERRED), List.of());
                    present.get().stores().forEach(entry -> entry.store().wake(deferred));
                    pump.request();
                    return true;
                })
                .join();
    }

    @Override
    public SpoolStatus status() {
        Snapshot snapshot = present.get();
        return loop.call(() -> new SpoolStatus(
                        snapshot.stores().stream().map(Administration::row).toList(),
                        snapshot.transports().stream().map(this::row).toList(),
                        Stream.concat(
                                        snapshot.preProcessors().stream().map(hook -> row(hook, "out")),
                                        snapshot.postProcessors().stream().map(hook -> row(hook, "in")))
                                .toList(),
                        window.recipients(),
                        waiting(snapshot)))
                .join();
    }

    private static SpoolStatus.StoreRow row(StoreEntry entry) {
        return new SpoolStatus.StoreRow(entry.name(), entry.store().status());
    }

    private SpoolStatus.TransportRow row(TransportEntry entry) {
        TransportStatus status;
        try {
            status = entry.provider().status();
        } catch (RuntimeException | LinkageError e) {
            status = new TransportStatus(TransportStatus.Condition.FAILED, "status failed: " + e);
        }
        return new SpoolStatus.TransportRow(
                entry.name(),
                entry.types(),
                entry.patterns().stream().map(Object::toString).toList(),
                entry.ranking(),
                status,
                delivery.inFlight(entry.id()));
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
