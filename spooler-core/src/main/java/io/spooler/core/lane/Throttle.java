package io.spooler.core.lane;

/**
 * How many consignments one destination may have at a time: few at first, one more for each success while all are in use.
 * After a failure it begins again with few; beyond half of what there was then, it is one more only for a whole round of
 * successes. Owned by the loop.
 */
final class Throttle {

    private static final double FIRST = 2;

    private double limit = FIRST;
    private double careful = Double.MAX_VALUE;

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
            limit = Math.min(most, limit + (limit < careful ? 1 : 1 / limit));
        }
    }

    /**
     * The destination cannot be reached any more. What fails besides, and the probes of a destination at rest, say nothing
     * further about how many it takes; nor does a failure of the few that are always tried.
     */
    void failure() {
        if (limit > FIRST) {
            careful = Math.max(FIRST, limit / 2);
            limit = FIRST;
        }
    }
}
