package io.spooler.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class ManualClock extends Clock {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private volatile Instant now;

    /** A clock that starts at noon of an ordinary day. */
    public ManualClock() {
        this(START);
    }

    /**
     * A clock that starts at a time.
     *
     * @param now the first time
     */
    public ManualClock(Instant now) {
        this.now = now;
    }

    /**
     * Jumps to a time, backwards if wanted.
     *
     * @param time the new time
     */
    public synchronized void set(Instant time) {
        now = time;
    }

    /**
     * Moves on.
     *
     * @param step how far
     * @return the new time
     */
    public synchronized Instant advance(Duration step) {
        now = now.plus(step);
        return now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.fixed(now, zone);
    }
}
