package io.spooler.core.lane;

/**
 * Lets something dead rest: after a failure nothing passes until a time; then one probe, whose result closes the breaker
 * or opens it for twice as long. Times are nanoseconds of the loop, so that a jump of the clock does not matter. Owned by
 * the loop.
 */
final class Breaker {

    private static final int DOUBLINGS = 20;

    private boolean open;
    private long until;
    private long rest;
    private int failures;
    private boolean probing;

    /** Whether a consignment may start now. */
    boolean allows(long now) {
        return !open || (!probing && now - until >= 0);
    }

    /** For how long nothing at all will pass; 0 if work may queue. */
    long closedFor(long now) {
        return open && until - now > 0 ? until - now : 0;
    }

    /** A consignment starts: after a rest it is the probe. */
    void start() {
        probing = open;
    }

    void success() {
        open = false;
        probing = false;
        failures = 0;
    }

    /** The probe ended without saying anything about the destination. */
    void undecided() {
        probing = false;
    }

    /**
     * A failure; of several consignments in flight together only the first counts.
     *
     * @param first rest after the first failure
     * @param most longest rest
     * @param asked what the transport asked for, bounded; 0 if nothing
     * @return how long the rest is from now
     */
    long failure(long now, long first, long most, long asked) {
        if (closedFor(now) > 0 && !probing) {
            until = Math.max(until, now + asked);
            return until - now;
        }
        probing = false;
        open = true;
        rest = Math.min(most, first << Math.min(failures, DOUBLINGS));
        failures++;
        until = now + Math.max(rest, asked);
        return until - now;
    }

    /** Failures since the last success. */
    int failures() {
        return failures;
    }

    /** The length of the present or last rest. */
    long rest() {
        return rest;
    }

    /** True from the first failure to the next success. */
    boolean isOpen() {
        return open;
    }
}
