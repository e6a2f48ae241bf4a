package io.spooler.core.lane;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Lets something dead rest: after a failure nothing passes until a time; then one probe, whose result closes the breaker
 * or opens it for twice as long. Owned by the loop.
 */
final class Breaker {

    private final Duration first;
    private final Duration most;
    private @Nullable Instant openUntil;
    private int failures;
    private boolean probing;

    Breaker(Duration first, Duration most) {
        this.first = first;
        this.most = most;
    }

    /** Whether a consignment may start now. */
    boolean allows(Instant now) {
        return openUntil == null || (!probing && !now.isBefore(openUntil));
    }

    /** Until when nothing at all will pass; null if work may queue. */
    @Nullable
    Instant closedUntil(Instant now) {
        return openUntil != null && now.isBefore(openUntil) ? openUntil : null;
    }

    /** A consignment starts: after a rest it is the probe. */
    void start() {
        probing = openUntil != null;
    }

    void success() {
        openUntil = null;
        probing = false;
        failures = 0;
    }

    /** The probe ended without saying anything about the destination. */
    void undecided() {
        probing = false;
    }

    /** A failure; of several consignments in flight together only the first counts. */
    Instant failure(Instant now, @Nullable Duration retryAfter) {
        Instant rest = closedUntil(now);
        if (rest != null && !probing) {
            return rest;
        }
        probing = false;
        Duration wait = first.multipliedBy(1L << Math.min(failures, 20));
        failures++;
        wait = wait.compareTo(most) > 0 ? most : wait;
        if (retryAfter != null && retryAfter.compareTo(wait) > 0) {
            wait = retryAfter;
        }
        Instant until = now.plus(wait);
        openUntil = until;
        return until;
    }

    /** Forget everything: an administrator, or a new configuration, says try again. */
    void reset() {
        success();
    }

    boolean isIdle() {
        return openUntil == null;
    }
}
