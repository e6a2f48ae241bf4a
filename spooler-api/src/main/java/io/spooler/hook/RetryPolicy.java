package io.spooler.hook;

import io.spooler.Recipient;
import io.spooler.Reply;
import io.spooler.SpoolId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says after an attempt that did not succeed when the next one is, or that there is none (R47, RFC 5321 section
 * 4.5.4.1). Register as a service; the one with the highest service ranking is asked instead of the settings of the core,
 * which hold again when it has left. Name it with {@link HookProperties#NAME}.
 *
 * <p>Called on the thread that owns the core: must answer at once, block on nothing, and depend on nothing but the values
 * it is given. If it throws, or answers null or a time that is not after {@link Attempt#now()} and at most
 * {@link #LONGEST} later, the settings decide, and the log says so.
 */
@ConsumerType
@FunctionalInterface
public interface RetryPolicy {

    /** The longest time to the next attempt. */
    Duration LONGEST = Duration.ofDays(30);

    /**
     * Decides.
     *
     * @param attempt what happened so far
     * @return what is next
     */
    Next next(Attempt attempt);

    /**
     * A recipient after an attempt that did not succeed.
     *
     * @param message its message
     * @param recipient who
     * @param attempts real attempts so far, at least 1; the probes of its destination count where it stood behind them
     * @param submitted when the message was accepted, by the present clock: a jump of the clock since then is taken out
     * @param expires when the sender's own limit ends it, which the core sees to, or null
     * @param now the present time
     * @param reply what was said last, or null
     * @param retryAfter when the transport wants to be asked again, from now, or null if it did not say
     */
    record Attempt(
            SpoolId message,
            Recipient recipient,
            int attempts,
            Instant submitted,
            @Nullable Instant expires,
            Instant now,
            @Nullable Reply reply,
            @Nullable Duration retryAfter) {}

    /** What is next. */
    sealed interface Next {}

    /**
     * Another attempt.
     *
     * @param time not before
     */
    record At(Instant time) implements Next {}

    /** No other attempt: the recipient expires and its sender is told. */
    record GiveUp() implements Next {}
}
