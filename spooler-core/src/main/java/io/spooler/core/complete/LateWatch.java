package io.spooler.core.complete;

import io.spooler.MessageStatus;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.claim.Pump;
import io.spooler.core.claim.Window;
import io.spooler.core.loop.Clerks;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.StoreEntry;
import io.spooler.core.report.Delay;
import io.spooler.store.Message;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement.Transition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks now and then through the older part of the queue, and states anew what has become late while nothing happened to
 * it: the record brings the notice ({@link Delay}). What is in work is left alone, it will be recorded soon. One walk at a
 * time, a page at a time: a clerk looks into the store, the records are made on the loop. What cannot be read is passed
 * over, and looked at again by the next walk.
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
    private final Clerks clerks;
    private final Window window;
    private final Pump pump;
    private final Settler settler;
    private final Supplier<Snapshot> present;
    private final Supplier<Duration> delay;
    private Loop.Timer timer = () -> {};
    private int walks;
    private boolean walking;
    private boolean stopped;

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param clerks look into the stores
     * @param window what is in work
     * @param pump claims
     * @param settler records
     * @param present what is present
     * @param delay after which time a recipient is late; zero for never
     */
    public LateWatch(
            Loop loop,
            Clock clock,
            Clerks clerks,
            Window window,
            Pump pump,
            Settler settler,
            Supplier<Snapshot> present,
            Supplier<Duration> delay) {
        this.loop = loop;
        this.clock = clock;
        this.clerks = clerks;
        this.window = window;
        this.pump = pump;
        this.settler = settler;
        this.present = present;
        this.delay = delay;
    }

    /** Begins, or goes on by a new setting: with the end of a walk that is under way. */
    public void start() {
        timer.cancel();
        if (stopped || walking) {
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
        walking = true;
        boolean thorough = walks++ % LOOKS == 0;
        List<StoreEntry> stores =
                delay.get().isZero() ? List.of() : present.get().stores();
        visit(stores.iterator(), thorough);
    }

    /** The next store, or the end. */
    private void visit(Iterator<StoreEntry> stores, boolean thorough) {
        if (stores.hasNext() && !stopped) {
            page(new Look(stores.next(), thorough, delay.get(), clock.instant()), null, () -> visit(stores, thorough));
        } else {
            walking = false;
            start();
        }
    }

    private void page(Look look, @Nullable SpoolId after, Runnable end) {
        clerks.ask(() -> look.page(after))
                .whenComplete((page, error) -> loop.execute(() -> {
                    if (error != null) {
                        LOG.warn("store {} failed to show its queue; looked at again later", look.store.name(), error);
                        end.run();
                    } else {
                        state(look, page, end);
                    }
                }));
    }

    /**
     * What a clerk found.
     *
     * @param late messages with a recipient that has become late
     * @param last behind which the next page begins; null if there is none
     */
    private record Page(List<SpoolId> late, @Nullable SpoolId last) {}

    /**
     * A look into one store. Blocks for its disk: runs on a clerk and touches no state of the core.
     *
     * @param store which
     * @param thorough false to look only where a ledger alone tells that its message may be late
     * @param limit after which time a recipient is late
     * @param now the present time
     */
    private record Look(StoreEntry store, boolean thorough, Duration limit, Instant now) {

        private Page page(@Nullable SpoolId after) {
            List<MessageStatus> page = store.store().query(QueueFilter.ALL, after, PAGE);
            // Ids go up with the time of submission: behind the first young one all are young.
            List<MessageStatus> old = page.stream()
                    .takeWhile(m -> !m.submitted().plus(limit).isAfter(now))
                    .toList();
            List<SpoolId> late = old.stream()
                    .filter(this::mayBeLate)
                    .map(MessageStatus::id)
                    .filter(this::isLate)
                    .toList();
            return new Page(late, old.size() < PAGE ? null : old.get(PAGE - 1).id());
        }

        private boolean mayBeLate(MessageStatus message) {
            Instant end = message.submitted().plus(limit);
            return message.recipients().stream()
                    .anyMatch(r -> Delay.concerns(r.state())
                            && (thorough || r.changed().isBefore(end)));
        }

        private boolean isLate(SpoolId id) {
            try {
                return store.store().find(id).stream()
                        .anyMatch(m -> m.recipients().stream().anyMatch(r -> isLate(m, r)));
            } catch (RuntimeException e) {
                LOG.warn("{} cannot be read; looked at again later", id, e);
                return false;
            }
        }

        private boolean isLate(Message message, RecipientStatus status) {
            return Delay.concerns(status.state()) && Delay.isNew(message, status, limit, now);
        }
    }

    /** Back on the loop: what of a page has become late, and what comes behind it. */
    private void state(Look look, Page page, Runnable end) {
        SpoolId last = page.last;
        Batch batch = new Batch(last == null || stopped ? end : () -> page(look, last, end));
        for (SpoolId id : page.late) {
            try {
                if (!stopped && window.find(id).isEmpty()) {
                    pump.claim(id).ifPresent(message -> state(look, message, batch));
                }
            } catch (RuntimeException e) {
                LOG.warn("{} cannot be recorded as late; looked at again later", id, e);
            }
        }
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

    /** The same states once more, with the same times. */
    private void state(Look look, ActiveMessage message, Batch batch) {
        List<Transition> same = new ArrayList<>();
        for (int number : message.open()) {
            RecipientStatus status = message.recipient(number);
            if (look.isLate(message.message(), status)) {
                same.add(new Transition(number, status.state(), false, status.due(), null, null));
            }
        }
        if (same.isEmpty()) {
            pump.giveBack(message);
            return;
        }
        batch.open++;
        try {
            settler.settle(message, same, () -> {
                pump.giveBack(message);
                batch.done();
            });
        } catch (RuntimeException e) {
            batch.done();
            throw e;
        }
    }
}
