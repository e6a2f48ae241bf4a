package io.spooler.smtp.listener;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A deadline that moves with every answer. Keeps one timer, which looks when it fires how far the deadline has moved:
 * to move it costs nothing. Lives on one event loop.
 */
final class Watchdog {

    private final EventLoop loop;
    private final long period;
    private final BooleanSupplier expired;
    private long deadline;
    private @Nullable ScheduledFuture<?> timer;

    /**
     * A watchdog at rest.
     *
     * @param period from one answer to the next
     * @param expired called at the deadline; true to go on for another period
     */
    Watchdog(EventLoop loop, Duration period, BooleanSupplier expired) {
        this.loop = loop;
        this.period = period.toNanos();
        this.expired = expired;
    }

    void start(Duration extra) {
        deadline = System.nanoTime() + period + extra.toNanos();
        schedule();
    }

    /** Moves the deadline to one period from now. */
    void reset() {
        deadline = System.nanoTime() + period;
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void schedule() {
        long left = Math.max(1, deadline - System.nanoTime());
        timer = loop.schedule(this::look, left, TimeUnit.NANOSECONDS);
    }

    private void look() {
        if (deadline - System.nanoTime() <= 0) {
            if (!expired.getAsBoolean()) {
                return;
            }
            reset();
        }
        schedule();
    }
}
