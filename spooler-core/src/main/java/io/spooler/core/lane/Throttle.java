package io.spooler.core.lane;

/**
 * How many consignments one destination may have at a time: few at first, one more for each success while all are in use,
 * half after a failure, and from then on one more only for a whole round of successes. Owned by the loop.
 */
final class Throttle {

    private static final double FIRST = 2;

    private double limit = FIRST;
    private boolean careful;

    /** How many may be in flight, at least 1. */
    int limit(int most) {
        return (int) Math.max(1, Math.min(limit, most));
    }

    /**
     * A consignment succeeded.
     *
     * @param inFlight how many were in flight, this one included
     * @param most the setting
     */
    void success(int inFlight, int most) {
        if (inFlight >= limit(most)) {
            limit = Math.min(most, limit + (careful ? 1 / limit : 1));
        }
    }

    void failure() {
        limit = Math.max(1, limit / 2);
        careful = true;
    }
}
