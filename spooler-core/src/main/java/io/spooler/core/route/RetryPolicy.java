package io.spooler.core.route;

import io.spooler.Envelope;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When to try again, and when to give up (R47, RFC 5321 section 4.5.4.1).
 *
 * @param first wait after the first attempt that did not succeed
 * @param most longest wait between attempts
 * @param maxAge a recipient expires at this age
 * @param maxWait a recipient that no transport claims is given up after this time
 */
public record RetryPolicy(Duration first, Duration most, Duration maxAge, Duration maxWait) {

    private static final double JITTER = 0.1;
    private static final int DOUBLINGS = 20;

    /**
     * The next attempt: the wait doubles with each attempt up to the longest, give or take a tenth, so that messages
     * that failed together do not return together. What the transport asked for is respected within the longest wait.
     *
     * @param now the present time
     * @param attempts attempts so far, this one included
     * @param asked what the transport asked for, or null
     * @param random for the jitter
     * @return the time of the next attempt
     */
    public Instant next(Instant now, int attempts, @Nullable Duration asked, RandomGenerator random) {
        long wait = Math.min(most.toMillis(), first.toMillis() << Math.min(Math.max(attempts - 1, 0), DOUBLINGS));
        wait = (long) (wait * (1 + JITTER * (2 * random.nextDouble() - 1)));
        if (asked != null) {
            wait = Math.max(wait, Math.min(asked.toMillis(), most.toMillis()));
        }
        return now.plusMillis(wait);
    }

    /**
     * Tells whether a recipient is too old to be tried again: over its own limit, or over the age limit after at least
     * two attempts, so that a jump of the clock expires nothing.
     *
     * @param now the present time
     * @param submitted when the message was accepted
     * @param options what the sender asked for
     * @param attempts attempts so far
     * @return true if it has expired
     */
    public boolean isExpired(Instant now, Instant submitted, Envelope.Options options, int attempts) {
        Instant own = options.expires();
        if (own != null) {
            return !now.isBefore(own);
        }
        return attempts >= 2 && !now.isBefore(submitted.plus(maxAge));
    }
}
