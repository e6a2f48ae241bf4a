package io.spooler.core.admin;

import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.admin.Order;
import io.spooler.core.event.Events;
import io.spooler.core.loop.Loop;
import java.time.Clock;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says of each order who gave it, what was meant, and what was done: one line in the log and one event. Any thread. */
final class Audit {

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private final Loop loop;
    private final Clock clock;
    private final RandomGenerator random;
    private final Events events;

    /**
     * Assigns.
     *
     * @param loop writes the log: a shell takes what is logged on the thread of a command for the command's own words
     * @param clock the time
     * @param random for ids, safe for all threads
     * @param events hears of orders
     */
    Audit(Loop loop, Clock clock, RandomGenerator random, Events events) {
        this.loop = loop;
        this.clock = clock;
        this.random = random;
        this.events = events;
    }

    SpoolId newId() {
        return SpoolId.next(clock.instant(), random);
    }

    /** An order that concerns no recipients by name. */
    void tell(String by, String order) {
        SpoolId id = newId();
        String who = Reply.clean(by);
        String what = Reply.clean(order);
        loop.execute(() -> LOG.info("order {} by {}: {}", id, who, what));
        events.emit(new SpoolEvent.Administered(id, clock.instant(), who, what, 0, 0, false));
    }

    /** An order has ended, one way or the other. */
    void tell(String by, String order, Order.Result result) {
        Instant now = clock.instant();
        String who = Reply.clean(by);
        String what = Reply.clean(order);
        loop.execute(() -> LOG.info(
                "order {} by {}: {}: {} recipients of {} messages changed, {} in work left alone{}{}",
                result.id(),
                who,
                what,
                result.recipients(),
                result.messages(),
                result.inWork(),
                result.changedSince() == 0 ? "" : ", " + result.changedSince() + " changed since left alone",
                result.undoable() ? "; can be undone" : ""));
        events.emit(new SpoolEvent.Administered(
                result.id(), now, who, what, result.messages(), result.recipients(), result.undoable()));
    }
}
