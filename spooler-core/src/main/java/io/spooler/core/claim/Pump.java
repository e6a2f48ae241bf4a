package io.spooler.core.claim;

import io.spooler.SpoolId;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.StoreEntry;
import io.spooler.store.Claim;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims due messages while the window has room, and comes back when the next one is due. Runs on the loop. */
public final class Pump {

    private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
    // A store whose claim fails is not asked again at once.
    private static final Duration REST = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Loop loop;
    private final Clock clock;
    private final Window window;
    private final Supplier<Snapshot> present;
    private final Limits limits;
    private final Allowance allowance;
    private final Consumer<ActiveMessage> next;
    private final AtomicBoolean requested = new AtomicBoolean();
    private Loop.Timer timer = () -> {};
    private boolean started;
    private boolean stopped;
    private boolean held;
    private boolean pausing;

    /** How much is claimed, and for how long. */
    public interface Limits {

        /**
         * The most recipients in work.
         *
         * @return a number
         */
        int window();

        /**
         * How long a claim holds.
         *
         * @return the lease
         */
        Duration lease();
    }

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param window what is in work
     * @param present what is present
     * @param limits how much
     * @param allowance how much more is looked at only to be sent away
     * @param next takes each claimed message
     */
    public Pump(
            Loop loop,
            Clock clock,
            Window window,
            Supplier<Snapshot> present,
            Limits limits,
            Allowance allowance,
            Consumer<ActiveMessage> next) {
        this.loop = loop;
        this.clock = clock;
        this.window = window;
        this.present = present;
        this.limits = limits;
        this.allowance = allowance;
        this.next = next;
    }

    /** Something may be due, or there may be room. Any thread; many calls become one run. */
    public void request() {
        if (requested.compareAndSet(false, true)) {
            loop.execute(this::run);
        }
    }

    /** Begins to claim what is due. */
    public void start() {
        started = true;
        request();
    }

    /** Claims nothing more. */
    public void stop() {
        stopped = true;
        timer.cancel();
    }

    /**
     * Claims what is due, or for a while only what somebody asks for by its id.
     *
     * @param pause true while nothing that is due is to be claimed
     */
    public void hold(boolean pause) {
        held = pause;
        timer.cancel();
    }

    private void run() {
        requested.set(false);
        if (stopped || held || !started) {
            return;
        }
        Duration pause = allowance.pause();
        if (!pause.isZero()) {
            pause(pause);
            return;
        }
        timer.cancel();
        timer = () -> {};
        boolean more = false;
        for (StoreEntry entry : present.get().stores()) {
            more |= fill(entry);
        }
        if (more) {
            request();
        } else if (window.recipients() < limits.window()) {
            // A full window needs no timer: work that ends asks again.
            sleep();
        }
    }

    /** Every message that ends asks for more: one timer is enough for them. */
    private void pause(Duration time) {
        if (!pausing) {
            pausing = true;
            timer.cancel();
            timer = () -> {};
            loop.after(time, () -> {
                pausing = false;
                request();
            });
        }
    }

    /** One batch; true if there may be more. */
    private boolean fill(StoreEntry entry) {
        int room = Math.min(allowance.batch(), limits.window() - window.recipients());
        if (room <= 0) {
            return false;
        }
        List<Claim> claims;
        try {
            claims = entry.store().claim(room, clock.instant(), limits.lease());
        } catch (RuntimeException e) {
            LOG.error("store {} failed to give messages; asked again in {}", entry.name(), REST, e);
            loop.after(REST, this::request);
            return false;
        }
        claims.forEach(claim -> take(entry, claim));
        return !claims.isEmpty();
    }

    private void take(StoreEntry entry, Claim claim) {
        ActiveMessage message = new ActiveMessage(entry, claim);
        window.add(message);
        try {
            next.accept(message);
        } catch (RuntimeException e) {
            // Only this one stops, until its lease ends; the others of the batch go on.
            LOG.error("{} cannot be worked on; tried again after {}", message.id(), limits.lease(), e);
            window.drop(message);
        }
    }

    /**
     * Claims one message, due or not, to change it from outside. It is not handed on; {@link #giveBack} ends it.
     *
     * @param id which
     * @return the message, now in the window; empty if it is unknown, complete or in work
     */
    public Optional<ActiveMessage> claim(SpoolId id) {
        for (StoreEntry entry : present.get().stores()) {
            Optional<Claim> claim = entry.store().claim(id, clock.instant(), limits.lease());
            if (claim.isPresent()) {
                ActiveMessage message = new ActiveMessage(entry, claim.get());
                message.borrow();
                window.add(message);
                return Optional.of(message);
            }
        }
        return Optional.empty();
    }

    /**
     * Somebody changes a message that is in the window. One that another has claimed for a change stays claimed until both
     * have given it back.
     *
     * @param message which
     */
    public void join(ActiveMessage message) {
        if (message.isBorrowed()) {
            message.borrow();
        }
    }

    /**
     * A change from outside has ended: recorded, or given up. With the last one the message goes back to its store, as far
     * as anything of it is left. Without effect on what was claimed to be delivered: that stays in line.
     *
     * @param message which
     */
    public void giveBack(ActiveMessage message) {
        if (message.endBorrow() && !message.isFinal() && message.openCount() > 0 && !message.isDropped()) {
            window.drop(message);
            message.store().store().release(message.claim());
        }
        request();
    }

    /** Until something is due; but at most a while, since a claim that was lost ends only with its lease. */
    private void sleep() {
        Instant now = clock.instant();
        Duration wait = LONGEST;
        for (StoreEntry entry : present.get().stores()) {
            Optional<Instant> due = entry.store().nextDue();
            if (due.isPresent() && until(now, due.get()).compareTo(wait) < 0) {
                wait = until(now, due.get());
            }
        }
        timer = loop.after(wait, this::request);
    }

    /** At least a moment, so that a due time that cannot be claimed does not spin; at most ten minutes. */
    private static Duration until(Instant now, Instant due) {
        Duration wait = Duration.between(now, due);
        if (wait.compareTo(SOON) < 0) {
            return SOON;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
