package io.spooler.core.admin;

import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.admin.Filter;
import io.spooler.admin.Order;
import io.spooler.core.admin.Desk.Changed;
import io.spooler.core.admin.Desk.Edit;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Carries out orders. A page of the queue at a time is looked at; of it a few messages at a time are changed, so that they
 * share group commits and the loop has its hands free in between. Any thread but the loop; orders may run side by side.
 */
final class Orders {

    private static final int AT_ONCE = 64;
    private static final Filter DEFERRED = Filter.parse("state:DEFERRED");

    private final Clock clock;
    private final Search search;
    private final Desk desk;
    private final Audit audit;
    private final Edits edits;
    private final Undos undos = new Undos();

    /**
     * Assigns.
     *
     * @param clock the time
     * @param search finds messages
     * @param desk changes them
     * @param audit says what was done
     */
    Orders(Clock clock, Search search, Desk desk, Audit audit) {
        this.clock = clock;
        this.search = search;
        this.desk = desk;
        this.audit = audit;
        this.edits = new Edits(clock);
    }

    Order.Result preview(Order order) {
        Matcher matcher = new Matcher(order.filter(), clock.instant());
        Edit edit = selected(matcher, edits.of(order));
        Tally tally = Tally.counting();
        search.each(matcher, page -> page.forEach(message -> tally.preview(message, edit)));
        return tally.result(audit.newId());
    }

    private static Edit selected(Matcher matcher, Edit edit) {
        return (message, number, status) ->
                matcher.matches(message, status) ? edit.edit(message, number, status) : null;
    }

    Order.Result change(Order order) {
        SpoolId id = audit.newId();
        Matcher matcher = new Matcher(order.filter(), clock.instant());
        Edit edit = selected(matcher, edits.of(order));
        Tally tally = Tally.remembering(order);
        try {
            carryOut(matcher, edit, tally);
        } finally {
            // Also what was broken off is told, and can be taken back.
            if (tally.result(id).undoable()) {
                undos.add(id, new Undos.Done(order, clock.instant(), tally.touched()));
            }
            audit.tell(order.by(), order.toString(), tally.result(id));
        }
        return tally.result(id);
    }

    private void carryOut(Matcher matcher, Edit edit, Tally tally) {
        try (Running running = new Running(tally)) {
            search.each(
                    matcher,
                    page -> page.stream()
                            .filter(message -> concerns(message, edit))
                            .forEach(message -> running.add(desk.change(message.id(), edit))));
        }
    }

    /** What is deferred and waits for nothing any more is due at once. Part of an order that was told already. */
    void again(Predicate<RecipientStatus> which) {
        Edit edit = (message, number, status) -> which.test(status) ? edits.ready(number, null) : null;
        carryOut(new Matcher(DEFERRED, clock.instant()), edit, Tally.counting());
    }

    private static boolean concerns(MessageStatus message, Edit edit) {
        return IntStream.range(0, message.recipients().size())
                .anyMatch(i -> edit.edit(message, i, message.recipients().get(i)) != null);
    }

    Order.Result undo(SpoolId order, String by) {
        Undos.Done done = undos.find(order)
                .orElseThrow(() -> new IllegalArgumentException("no order that can be undone has the id " + order));
        SpoolId id = audit.newId();
        Tally tally = Tally.counting();
        try (Running running = new Running(tally)) {
            done.touched().each((message, former) -> running.add(desk.change(message, inverse(done, former))));
            undos.remove(order);
        } finally {
            audit.tell(
                    by,
                    "UNDO " + order + " " + done.order(),
                    tally.result(id, done.touched().size()));
        }
        return tally.result(id, done.touched().size());
    }

    /** That the core only looked at it again does not keep from taking back: it does so at once, with all of them. */
    private Edit inverse(Undos.Done done, Map<Integer, Touched.Former> touched) {
        return (message, number, status) -> {
            Touched.Former former = touched.get(number);
            if (former == null || !former.isUntried(status)) {
                return null;
            }
            return switch (done.order().action()) {
                case HOLD -> isHeldBy(done, status) ? edits.release(message, number, status) : null;
                case RELEASE -> edits.hold(message, number, status);
                default ->
                    Objects.equals(status.recipient().transport(), done.order().transport())
                            ? edits.reroute(number, status, former.pin())
                            : null;
            };
        };
    }

    /** Somebody else may have released and held it again since. */
    private static boolean isHeldBy(Undos.Done done, RecipientStatus status) {
        return status.state() == RecipientState.HELD && !status.changed().isAfter(done.end());
    }

    /** Changes that have begun and not ended: a few at a time, the oldest is waited for first. */
    private static final class Running implements AutoCloseable {

        private final Tally tally;
        private final Deque<CompletableFuture<Changed>> open = new ArrayDeque<>();

        private Running(Tally tally) {
            this.tally = tally;
        }

        private void add(CompletableFuture<Changed> change) {
            open.add(change);
            if (open.size() >= AT_ONCE) {
                tally.done(open.remove().join());
            }
        }

        /** All are waited for, also if some fail: what the others have changed is counted. */
        @Override
        public void close() {
            CompletionException failure = null;
            while (!open.isEmpty()) {
                try {
                    tally.done(open.remove().join());
                } catch (CompletionException e) {
                    failure = failure == null ? e : failure;
                }
            }
            if (failure != null) {
                throw failure;
            }
        }
    }
}
