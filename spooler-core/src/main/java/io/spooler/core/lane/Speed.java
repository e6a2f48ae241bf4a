package io.spooler.core.lane;

/**
 * How quick a destination has lately been: recipients in a second of work, and time for one consignment, both as means over the
 * last of them; and what it got through in the last half second, whether it had work or not. Times are nanoseconds of the loop.
 * Owned by the loop.
 */
final class Speed {

    private static final double KEPT = 0.95;
    private static final double PER_SECOND = 1e9;
    private static final double LATELY = 5e8;

    private long since;
    private int inFlight;
    // Nanoseconds with anything in flight; the same times what was in flight; what ended meanwhile.
    private double busy;
    private double work;
    private double recipients;
    private double consignments;
    // Recipients in a second as of the last end.
    private double flow;
    private long ended;

    void start(long now) {
        account(now);
        inFlight++;
    }

    void end(long now, int served) {
        busy *= KEPT;
        work *= KEPT;
        account(now);
        inFlight--;
        recipients = recipients * KEPT + served;
        consignments = consignments * KEPT + 1;
        flow = flow(now) + served * PER_SECOND / LATELY;
        ended = now;
    }

    /** Recipients in a second, over the last half second: less than it can do if it had little to do. */
    double flow(long now) {
        return flow == 0 ? 0 : flow * Math.exp((ended - now) / LATELY);
    }

    /** What was before says nothing any more. */
    void renew(long now) {
        since = now;
        busy = 0;
        work = 0;
        recipients = 0;
        consignments = 0;
        flow = 0;
    }

    private void account(long now) {
        if (inFlight > 0) {
            busy += now - since;
            work += (double) inFlight * (now - since);
        }
        since = now;
    }

    /** Recipients in a second, if what is under way ended now; 0 before anything has been under way. */
    double perSecond(long now) {
        double time = busy + (inFlight > 0 ? now - since : 0);
        return Math.max(recipients, inFlight) * PER_SECOND / Math.max(1, time);
    }

    /** Whether consignments take longer than a time, the ones in flight included. */
    boolean isSlower(long now, long nanos) {
        double running = inFlight > 0 ? (double) inFlight * (now - since) : 0;
        return work + running > nanos * Math.max(1, consignments);
    }
}
