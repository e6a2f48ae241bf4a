package io.spooler.core.loop;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices jumps of the wall clock, by comparing it with the time that has passed, so that the age of a message is the
 * time that it has waited and not what a wrong clock makes of it. Knows the jumps since it was made, at most the last
 * sixteen. Where it cannot tell on which side of a jump a time lies, it takes the younger age. Owned by the loop.
 */
public final class Jumps {

    private static final Logger LOG = LoggerFactory.getLogger(Jumps.class);
    private static final Duration SMALL = Duration.ofMinutes(1);
    private static final int MOST = 16;

    private final Clock clock;
    private final LongSupplier nanos;
    private final Deque<Jump> jumps = new ArrayDeque<>();
    private Instant wall;
    private long at;

    /** What was recorded before a time is moved by a jump. */
    private record Jump(Instant before, Duration by) {}

    /**
     * Begins to look.
     *
     * @param clock the wall clock
     * @param nanos the time that has passed
     */
    public Jumps(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        this.wall = clock.instant();
        this.at = nanos.getAsLong();
    }

    /**
     * Looks at the clock. Cheap; to be called often.
     *
     * @return the present time
     */
    public Instant look() {
        Instant now = clock.instant();
        long passed = nanos.getAsLong();
        Instant expected = wall.plusNanos(passed - at);
        Duration by = Duration.between(expected, now);
        if (by.abs().compareTo(SMALL) > 0) {
            LOG.warn("the clock has jumped by {} to {}; ages and rests go on as if it had not", by, now);
            jumps.add(new Jump(by.isNegative() ? wall.plus(by) : expected, by));
            if (jumps.size() > MOST) {
                jumps.remove();
            }
        }
        wall = now;
        at = passed;
        return now;
    }

    /**
     * What the clock of today would have shown at a time recorded earlier.
     *
     * @param recorded a time in the past
     * @return the same moment, by the present clock
     */
    public Instant corrected(Instant recorded) {
        Instant time = recorded;
        for (Jump jump : jumps) {
            if (!time.isAfter(jump.before)) {
                time = time.plus(jump.by);
            }
        }
        return time;
    }
}
