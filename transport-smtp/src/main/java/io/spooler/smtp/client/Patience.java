package io.spooler.smtp.client;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Until when something is awaited. Looks four times a second, so that an answer costs no timer. One event loop. */
final class Patience {

    private static final long LOOK_MS = 250;

    private @Nullable ScheduledFuture<?> watch;
    private long due;

    /**
     * Begins to look.
     *
     * @param loop runs it
     * @param overdue called as long as the time is over
     */
    void start(EventLoop loop, Runnable overdue) {
        watch = loop.scheduleWithFixedDelay(() -> look(overdue), LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    private void look(Runnable overdue) {
        if (System.nanoTime() - due >= 0) {
            overdue.run();
        }
    }

    /**
     * Waits anew.
     *
     * @param time at most so long
     * @param transfer whose time, if that ends earlier, is the limit; or null
     */
    void expect(Duration time, @Nullable Transfer transfer) {
        long limit = System.nanoTime() + time.toNanos();
        due = transfer != null && transfer.due() - limit < 0 ? transfer.due() : limit;
    }

    void stop() {
        if (watch != null) {
            watch.cancel(false);
        }
    }
}
