package io.spooler.core.route;

import io.spooler.hook.RetryPolicy;
import java.time.Duration;

/**
 * The retry policy of the settings: the wait doubles with each attempt up to the longest, and is never longer than the
 * message is old, so that probes of a destination that came early do not cost hours later. A pure function: the jitter,
 * a tenth up or down, is made of the message and the attempt, so that messages that failed together do not return
 * together.
 *
 * @param first wait after the first attempt that did not succeed
 * @param most longest wait between attempts
 * @param least shortest wait that a transport may ask for; doubles with each attempt up to {@code first}, so that
 *     "again now" does not spin (R41)
 * @param askedMost longest wait that a transport may ask for
 * @param maxAge a recipient is given up at this age, after at least two attempts; unless its sender has set a limit
 */
public record Backoff(Duration first, Duration most, Duration least, Duration askedMost, Duration maxAge)
        implements RetryPolicy {

    private static final int LEAST_ATTEMPTS = 2;
    private static final double JITTER = 0.1;
    private static final int DOUBLINGS = 20;

    @Override
    public Next next(Attempt attempt) {
        Duration age = Duration.between(attempt.submitted(), attempt.now());
        if (attempt.expires() == null && attempt.attempts() >= LEAST_ATTEMPTS && age.compareTo(maxAge) >= 0) {
            return new GiveUp();
        }
        Duration asked = attempt.retryAfter();
        long wait = asked == null ? own(attempt, age) : bounded(asked, attempt.attempts());
        return new At(attempt.now().plusMillis(wait));
    }

    private long own(Attempt attempt, Duration age) {
        long wait = Math.min(most.toMillis(), doubled(first, attempt.attempts()));
        wait = Math.min(wait, Math.max(first.toMillis(), age.toMillis()));
        return (long) (wait * (1 + JITTER * jitter(attempt)));
    }

    /** What the transport asked for is respected as it is, within bounds: no jitter, never earlier (R40). */
    private long bounded(Duration asked, int attempts) {
        long floor = Math.min(first.toMillis(), doubled(least, attempts));
        Duration wish = asked.compareTo(askedMost) > 0 ? askedMost : asked;
        return wish.isNegative() ? floor : Math.max(wish.toMillis(), floor);
    }

    private static long doubled(Duration wait, int attempts) {
        return wait.toMillis() << Math.min(Math.max(attempts - 1, 0), DOUBLINGS);
    }

    /** From -1 to 1, the same for the same attempt. */
    private static double jitter(Attempt attempt) {
        int hash = (attempt.message().hashCode() * 31
                                + attempt.recipient().address().hashCode())
                        * 31
                + attempt.attempts();
        // Spread the bits: neighbours in hash are not to be neighbours in time.
        hash *= 0x9E3779B9;
        hash ^= hash >>> 16;
        hash *= 0x85EBCA6B;
        return hash / (double) Integer.MIN_VALUE;
    }
}
