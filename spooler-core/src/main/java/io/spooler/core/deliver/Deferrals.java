package io.spooler.core.deliver;

import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.core.lane.Lanes;
import io.spooler.core.lane.Task;
import io.spooler.core.loop.Jumps;
import io.spooler.core.route.Planner;
import io.spooler.core.route.Retries;
import io.spooler.hook.RetryPolicy.Attempt;
import io.spooler.store.Message;
import io.spooler.store.Settlement.Transition;
import io.spooler.transport.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Until when a recipient is deferred that was not served, and when it has expired. A recipient expires only after an
 * attempt, its own or a probe of its destination that it stood behind: a jump of the clock alone expires nothing
 * (reliability 1.11). Runs on the loop.
 */
final class Deferrals {

    private static final int SLOWER = 16;
    private static final Duration SLOWEST = Duration.ofMinutes(30);

    private final Jumps jumps;
    private final Retries retries;

    Deferrals(Jumps jumps, Retries retries) {
        this.jumps = jumps;
        this.retries = retries;
    }

    /** After an attempt that concerned this recipient or this message alone. */
    Transition alone(Task task, int number, Outcome.Deferred deferred) {
        return attempted(task, number, deferred.reply(), next(task, number, deferred));
    }

    /**
     * After an attempt that found the destination out of reach. While the trouble is young the recipient goes with the
     * next probe, for such trouble is often short; later it goes by the retry policy, so that others behind it are the
     * probes.
     */
    Transition behind(Task task, int number, Outcome.Deferred obstacle, Lanes.Rest rest) {
        Instant next = next(task, number, obstacle);
        Instant probe = jumps.look().plus(rest.pause());
        if (next != null && (rest.growing() || next.isBefore(probe))) {
            next = notAfterLimit(task, probe);
        }
        return attempted(task, number, obstacle.reply(), next);
    }

    private @Nullable Instant next(Task task, int number, Outcome.Deferred deferred) {
        int attempts = task.message().recipient(number).attempts() + 1;
        return retries.next(attempt(task, number, attempts, deferred.reply(), deferred.retryAfter()));
    }

    private Attempt attempt(Task task, int number, int attempts, @Nullable Reply reply, @Nullable Duration retryAfter) {
        Message message = task.message().message();
        Instant now = jumps.look();
        return new Attempt(
                message.id(),
                task.message().recipient(number).recipient(),
                attempts,
                jumps.corrected(message.submitted()),
                message.envelope().options().expires(),
                now,
                reply,
                retryAfter);
    }

    private static Transition attempted(Task task, int number, Reply reply, @Nullable Instant next) {
        String transport = task.transport().name();
        return next == null
                ? new Transition(number, RecipientState.EXPIRED, true, null, transport, Planner.expired(reply))
                : new Transition(number, RecipientState.DEFERRED, true, next, transport, reply);
    }

    /**
     * Not attempted. Behind a destination that rests or is suspended, who has waited long looks less often, a sixteenth of
     * its age and at most half an hour: for a probe one is enough, the end of a suspension finds all, and each look is a
     * record in the store.
     */
    List<Transition> turnedAway(Task task, List<Integer> numbers, Lanes.Refusal refusal) {
        Instant now = jumps.look();
        Duration pause = refusal.pause();
        if (refusal.why() == Lanes.Why.RESTS || refusal.why() == Lanes.Why.SUSPENDED) {
            Instant submitted = jumps.corrected(task.message().message().submitted());
            Duration slower = Duration.between(submitted, now).dividedBy(SLOWER);
            slower = slower.compareTo(SLOWEST) > 0 ? SLOWEST : slower;
            pause = slower.compareTo(pause) > 0 ? slower : pause;
        }
        Instant due = notAfterLimit(task, now.plus(pause));
        return numbers.stream()
                .map(number -> turnedAway(task, number, refusal, due))
                .toList();
    }

    private Transition turnedAway(Task task, int number, Lanes.Refusal refusal, Instant due) {
        String transport = task.transport().name();
        RecipientStatus status = task.message().recipient(number);
        if (refusal.why() == Lanes.Why.RESTS && isOver(task, number, status, refusal.probes())) {
            return new Transition(
                    number, RecipientState.EXPIRED, false, null, transport, Planner.expired(status.reply()));
        }
        Reply reply = refusal.why() == Lanes.Why.SUSPENDED
                ? suspended(transport, status.reply())
                // The last reply stays.
                : status.reply() != null ? null : words(transport, refusal.why());
        return new Transition(number, RecipientState.DEFERRED, false, due, transport, reply);
    }

    /** Says so always: by these words the end of the suspension finds it. The last reply stands behind them. */
    private static @Nullable Reply suspended(String transport, @Nullable Reply last) {
        Reply words = words(transport, Lanes.Why.SUSPENDED);
        if (last == null) {
            return words;
        }
        return isSuspended(transport, last) ? null : new Reply(words.status(), words.text() + "; before: " + last);
    }

    /** Whether a reply says that a transport was suspended. */
    static boolean isSuspended(String transport, Reply reply) {
        Reply words = words(transport, Lanes.Why.SUSPENDED);
        return reply.status().equals(words.status()) && reply.text().startsWith(words.text());
    }

    /** The probes of its destination are its attempts, too: thousands behind a dead one are not all tried themselves. */
    private boolean isOver(Task task, int number, RecipientStatus status, int probes) {
        int attempts = Math.max(status.attempts(), probes);
        return attempts > 0 && retries.next(attempt(task, number, attempts, status.reply(), null)) == null;
    }

    /** Its sender wants it no more (R44): what is not served is not tried again; the attempt stays in the ledger. */
    static Transition unserved(Transition t) {
        return t.state().isFinal()
                ? t
                : new Transition(
                        t.recipient(), RecipientState.CANCELLED, t.attempted(), null, t.transport(), t.reply());
    }

    static List<Transition> cancelled(List<Integer> numbers) {
        return numbers.stream()
                .map(number -> new Transition(number, RecipientState.CANCELLED, false, null, null, null))
                .toList();
    }

    private static Reply words(String transport, Lanes.Why why) {
        return switch (why) {
            case RESTS -> new Reply("4.4.1", transport + " cannot reach its destination; waits for its next probe");
            case FULL -> new Reply("4.4.5", transport + " is busy with others for the same destination; waits in turn");
            case SUSPENDED -> new Reply("4.3.2", transport + " is suspended for its destination by an administrator");
            case CLOSED -> new Reply("4.3.2", transport + " is outside the delivery window of its destination");
        };
    }

    private static Instant notAfterLimit(Task task, Instant time) {
        Instant own = task.message().message().envelope().options().expires();
        return own != null && own.isBefore(time) ? own : time;
    }
}
