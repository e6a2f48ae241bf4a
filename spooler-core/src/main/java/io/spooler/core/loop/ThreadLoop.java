package io.spooler.core.loop;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loop on a thread of its own, named {@code spooler-core}. What a piece throws is logged and stops only that piece. */
public final class ThreadLoop implements Loop, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadLoop.class);
    private static final int CLOSE_SECONDS = 5;

    private final ScheduledThreadPoolExecutor executor;

    /** Starts no thread before the first piece. */
    public ThreadLoop() {
        executor = new ScheduledThreadPoolExecutor(
                1, r -> new Thread(r, "spooler-core"), new ThreadPoolExecutor.DiscardPolicy());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void execute(Runnable piece) {
        executor.execute(guarded(piece));
    }

    @Override
    public Timer after(Duration delay, Runnable piece) {
        ScheduledFuture<?> future = executor.schedule(guarded(piece), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    private static Runnable guarded(Runnable piece) {
        return () -> {
            try {
                piece.run();
            } catch (RuntimeException | LinkageError e) {
                LOG.error("a piece of the core's work failed; its message is retried after its lease", e);
            }
        };
    }

    /** Runs what is queued and ends, within five seconds. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
