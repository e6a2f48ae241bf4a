package io.spooler.smtp.client;

import io.spooler.Reply;
import io.spooler.transport.Consignment;
import io.spooler.transport.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One consignment under way, answered exactly once. Any thread may answer; the flags belong to whoever carries it at
 * the time: the pool, then the event loop of one connection.
 */
final class Transfer {

    /** Left over before the deadline, for the answer to be in time. */
    private static final long MARGIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final Consignment consignment;
    private final CompletableFuture<List<Outcome>> answer = new CompletableFuture<>();
    private final long due;
    private volatile @Nullable Connection carrier;
    private boolean retried;

    Transfer(Consignment consignment, Clock clock) {
        this.consignment = consignment;
        long left = nanos(Duration.between(clock.instant(), consignment.deadline()));
        this.due = System.nanoTime() + left - Math.min(MARGIN_NANOS, left / 4);
    }

    private static long nanos(Duration left) {
        // A deadline centuries away would overflow.
        return left.isNegative() ? 0 : Math.min(left.toSeconds(), 1_000_000_000L) * 1_000_000_000L + left.toNanosPart();
    }

    Consignment consignment() {
        return consignment;
    }

    CompletableFuture<List<Outcome>> answer() {
        return answer;
    }

    /** By {@link System#nanoTime()}: when it must be given up. */
    long due() {
        return due;
    }

    @Nullable
    Connection carrier() {
        return carrier;
    }

    void carrier(@Nullable Connection connection) {
        carrier = connection;
    }

    /** Whether it was tried on a connection that turned out to be closed; once is enough. */
    boolean wasRetried() {
        return retried;
    }

    void markRetried() {
        retried = true;
    }

    void finish(List<Outcome> outcomes) {
        answer.complete(outcomes);
    }

    void finishAll(Outcome outcome) {
        finish(Collections.nCopies(consignment.recipients().size(), outcome));
    }

    void handBack() {
        finishAll(new Outcome.NotMine());
    }

    /** No server will ever take it. */
    void fail(Reply why) {
        finishAll(consignment.isCancelled() ? new Outcome.NotMine() : new Outcome.Failed(why));
    }

    /** Cancelled means nobody waits for a reason; else it is deferred. */
    void giveUp(Outcome.Scope scope, Reply why) {
        finishAll(consignment.isCancelled() ? new Outcome.NotMine() : new Outcome.Deferred(scope, null, why));
    }
}
