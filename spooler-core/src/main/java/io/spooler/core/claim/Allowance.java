package io.spooler.core.claim;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many recipients the core may look at and send away again because their destination has its share of the room. Looking
 * past a long backlog finds what lies behind it, but costs a record each time: so there is a stock, which time and work
 * done fill again. Where the backlog itself gets on quickly, waiting a moment costs nothing and finds as much. Owned by the
 * loop.
 */
public final class Allowance {

    private static final double STOCK = 50_000;
    private static final double PER_SECOND = 5_000;
    private static final double PER_SERVED = 0.25;
    private static final double LEAST = 256;
    private static final double NANOS = 1e9;
    private static final long CROWDED = 1_000_000_000L;
    private static final int BATCH = 64;
    private static final int FEW = 32;

    private final LongSupplier nanos;
    private double stock = STOCK;
    private long at;
    private long rest;

    /**
     * Assigns.
     *
     * @param nanos the time that has passed
     */
    public Allowance(LongSupplier nanos) {
        this.nanos = nanos;
        this.at = nanos.getAsLong();
        this.rest = at - CROWDED;
    }

    /**
     * Recipients were sent away.
     *
     * @param recipients how many
     */
    public void spend(int recipients) {
        stock -= recipients;
    }

    /**
     * A destination that gets on quickly has enough in line.
     *
     * @param enough for how long; without effect if zero
     */
    public void rest(Duration enough) {
        if (!enough.isZero()) {
            rest = nanos.getAsLong() + enough.toNanos();
        }
    }

    /**
     * Recipients were served.
     *
     * @param recipients how many
     */
    public void earn(int recipients) {
        stock = Math.min(STOCK, stock + recipients * PER_SERVED);
    }

    /** How many to claim at a time: few where room has just been short, so that few of them are sent away again. */
    int batch() {
        return nanos.getAsLong() - rest < CROWDED ? FEW : BATCH;
    }

    /** How long to wait before more is claimed; zero if it may be now. */
    Duration pause() {
        long now = nanos.getAsLong();
        stock = Math.min(STOCK, stock + (now - at) * PER_SECOND / NANOS);
        at = now;
        if (rest - now > 0) {
            return Duration.ofNanos(rest - now);
        }
        return stock >= 0 ? Duration.ZERO : Duration.ofNanos((long) ((LEAST - stock) * NANOS / PER_SECOND));
    }
}
