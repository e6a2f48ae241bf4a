package io.spooler.core.lane;

/**
 * Knows of the look that is set for something that has to wait, so that there is one and not many. It does not say whether
 * there is still something to wait for: a rest may have been ended before its time. Times are nanoseconds of the loop.
 * Owned by the loop.
 */
final class Nap {

    private boolean set;
    private long until;

    /** Whether a look is to be set for then: none is, or only a later one. */
    boolean begin(long now, long wait) {
        boolean earlier = !set || now + wait - until < 0;
        if (earlier) {
            set = true;
            until = now + wait;
        }
        return earlier;
    }

    /** A look has come; one that was set before an earlier one ends nothing. */
    void end(long now) {
        set &= now - until < 0;
    }

    boolean isSet() {
        return set;
    }
}
