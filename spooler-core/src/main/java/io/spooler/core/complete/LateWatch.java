package io.spooler.core.complete;

import io.spooler.MessageStatus;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.claim.Pump;
import io.spooler.core.claim.Window;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.StoreEntry;
import io.spooler.core.report.Delay;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement.Transition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks now and then through the older part of the queue, and states anew what has become late while nothing happened to
 * it: the record brings the notice ({@link Delay}). What is in work is left alone, it will be recorded soon. Runs on the
 * loop, a page at a time.
 *
 * <p>Known limit: a notice comes up to a sixteenth of its time late, but at most a quarter of an hour; for a message that
 * was not to be tried before a later time, up to sixteen times that.
 */
public final class LateWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LateWatch.class);
    private static final int PAGE = 256;
    private static final int LOOKS = 16;
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofMinutes(15);

    private final Loop loop;
    private final Clock clock;
    private final Window window;
    private final Pump pump;
    private final Settler settler;
    private final Supplier<Snapshot> present;
    private final Supplier<Duration> delay;
    private Loop.Timer timer = () -> {};
    private int walks;
    private boolean thorough;
    private boolean stopped;

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param window what is in work
     * @param pump claims
     * @param settler records
     * @param present what is present
     * @param delay after which time a recipient is late; zero for never
     */
    public LateWatch(
            Loop loop,
            Clock clock,
            Window window,
            Pump pump,
            Settler settler,
            Supplier<Snapshot> present,
            Supplier<Duration> delay) {
        this.loop = loop;
        this.clock = clock;
        this.window = window;
        this.pump = pump;
        this.settler = settler;
        this.present = present;
        this.delay = delay;
    }

    /** Begins, or goes on by a new setting. */
    public void start() {
        timer.cancel();
        if (stopped) {
            return;
        }
        Duration wait = delay.get().dividedBy(LOOKS);
        boolean none = delay.get().isZero() || wait.compareTo(MOST) > 0;
        timer = loop.after(none ? MOST : wait.compareTo(LEAST) < 0 ? LEAST : wait, this::walk);
    }

    /** Ends. */
    public void stop() {
        stopped = true;
        timer.cancel();
    }

    private void walk() {
        thorough = walks++ % LOOKS == 0;
        if (!delay.get().isZero()) {
            present.get().stores().forEach(store -> page(store, null));
        }
        start();
    }

    private void page(StoreEntry store, @Nullable SpoolId after) {
        if (stopped) {
            return;
        }
        try {
            look(store, store.store().query(QueueFilter.ALL, after, PAGE));
        } catch (RuntimeException e) {
            LOG.warn("store {} failed to show its queue; looked at again later", store.name(), e);
        }
    }

    private void look(StoreEntry store, List<MessageStatus> page) {
        Instant now = clock.instant();
        Duration limit = delay.get();
        // Ids go up with the time of submission: behind the first young one all are young.
        List<MessageStatus> old = page.stream()
                .takeWhile(m -> !m.submitted().plus(limit).isAfter(now))
                .toList();
        Batch batch = new Batch(
                old.size() < PAGE
                        ? () -> {}
                        : () -> page(store, old.get(PAGE - 1).id()));
        old.stream().filter(m -> mayBeLate(m, m.submitted().plus(limit))).forEach(m -> look(store, m.id(), batch));
        batch.done();
    }

    /** What is claimed at a time is bounded: the next page comes when this one is recorded. */
    private final class Batch {

        private final Runnable next;
        private int open = 1;

        private Batch(Runnable next) {
            this.next = next;
        }

        private void done() {
            if (--open == 0) {
                loop.execute(next);
            }
        }
    }

    /** A cheap look, since a ledger alone does not tell that a message had to wait; every sixteenth walk looks at all. */
    private boolean mayBeLate(MessageStatus message, Instant limit) {
        return message.recipients().stream()
                .anyMatch(r ->
                        Delay.concerns(r.state()) && (thorough || r.changed().isBefore(limit)));
    }

    private void look(StoreEntry store, SpoolId id, Batch batch) {
        if (window.find(id).isPresent()) {
            return;
        }
        boolean late = store.store().find(id).stream()
                .flatMap(m -> m.recipients().stream()
                        .filter(r -> Delay.concerns(r.state()))
                        .map(r -> isLate(m, r)))
                .anyMatch(Boolean::booleanValue);
        if (late) {
            pump.claim(id).ifPresent(message -> state(message, batch));
        }
    }

    private boolean isLate(io.spooler.store.Message message, RecipientStatus status) {
        return Delay.isNew(message, status, delay.get(), clock.instant());
    }

    /** The same states once more, with the same times. */
    private void state(ActiveMessage message, Batch batch) {
        batch.open++;
        List<Transition> same = new ArrayList<>();
        for (int number : message.open()) {
            RecipientStatus status = message.recipient(number);
            if (Delay.concerns(status.state()) && isLate(message.message(), status)) {
                same.add(new Transition(number, status.state(), false, status.due(), null, null));
            }
        }
        if (same.isEmpty()) {
            giveBack(message, batch);
        } else {
            settler.settle(message, same, () -> giveBack(message, batch));
        }
    }

    private void giveBack(ActiveMessage message, Batch batch) {
        pump.giveBack(message);
        batch.done();
    }
}
