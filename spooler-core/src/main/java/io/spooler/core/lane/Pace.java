package io.spooler.core.lane;

/**
 * Keeps to a rate by even spacing: in any period at most the number that is allowed, and one consignment more. Times are
 * nanoseconds of the loop. Owned by the loop.
 */
final class Pace {

    private boolean started;
    private long next;

    /** How long the next one has to wait; 0 if it may start. */
    long left(long now) {
        return started ? Math.max(0, next - now) : 0;
    }

    /**
     * Something starts.
     *
     * @param recipients how many it is for
     * @param interval nanoseconds for each; 0 without a limit
     */
    void start(long now, int recipients, long interval) {
        next = (started && next - now > 0 ? next : now) + recipients * interval;
        started = interval > 0;
    }
}
