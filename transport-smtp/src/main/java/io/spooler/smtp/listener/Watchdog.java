package io.spooler.smtp.listener;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A deadline that moves when a message gets on, and not with mere talk; under stress, when most of the room for
 * connections is taken, a much shorter one, so that slow clients give their room to others. Keeps one timer, which looks
 * when it fires how far the deadline has moved: to move it costs nothing. Lives on one event loop, and goes by its clock.
 */
final class Watchdog {

    /** The deadline under stress; so often it has to be looked whether there is any. */
    private static final long SHORT = TimeUnit.SECONDS.toNanos(10);

    /** Hears of deadlines. */
    interface Judge {

        /**
         * A deadline has passed.
         *
         * @param nanos how long the client has taken
         * @return true to let it have as much again
         */
        boolean mayGoOn(long nanos);
    }

    private final EventLoop loop;
    private final long period;
    private final BooleanSupplier stress;
    private final Judge judge;
    private long gotOn;
    private @Nullable ScheduledFuture<?> timer;

    /**
     * A watchdog at rest.
     *
     * @param period from one step of a message to the next
     * @param stress whether the short deadline holds at the moment
     */
    Watchdog(EventLoop loop, Duration period, BooleanSupplier stress, Judge judge) {
        this.loop = loop;
        this.period = period.toNanos();
        this.stress = stress;
        this.judge = judge;
    }

    void start(Duration extra) {
        gotOn = now() + extra.toNanos();
        schedule();
    }

    /** A message got on, and not just the talk. */
    void gotOn() {
        gotOn = now();
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    /** How long the client has taken, beyond what it may. */
    private long late(long now) {
        return now - gotOn - (stress.getAsBoolean() ? Math.min(SHORT, period) : period);
    }

    private void schedule() {
        long left = Math.max(1, Math.min(-late(now()), SHORT));
        timer = loop.schedule(this::look, left, TimeUnit.NANOSECONDS);
    }

    private void look() {
        long now = now();
        if (late(now) >= 0) {
            if (!judge.mayGoOn(now - gotOn)) {
                return;
            }
            gotOn = now;
        }
        schedule();
    }
}
