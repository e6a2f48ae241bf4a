package io.spooler.maildir;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the mirror follow: at the start, when the bell rings, and at intervals, in which it looks at everything. What has
 * failed is tried again then. One thread, {@code spooler-maildir}.
 */
final class Mirroring implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Mirroring.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Mirror mirror;
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicBoolean rung = new AtomicBoolean();
    private volatile @Nullable ScheduledFuture<?> rounds;

    /** A piece of work on the disk. */
    private interface Work {
        int run() throws IOException;
    }

    /**
     * Assigns.
     *
     * @param mirror is used by this object alone
     */
    Mirroring(Mirror mirror) {
        this.mirror = mirror;
        this.thread = new ScheduledThreadPoolExecutor(1, r -> new Thread(r, "spooler-maildir"));
    }

    /** Begins, and looks at everything at intervals. */
    void open(Duration interval) {
        long nanos = interval.toNanos();
        rounds = thread.scheduleWithFixedDelay(this::everything, 0, nanos, TimeUnit.NANOSECONDS);
    }

    /** There is something new. Any thread; returns at once. */
    void ring() {
        if (rung.compareAndSet(false, true)) {
            try {
                thread.execute(this::news);
            } catch (RejectedExecutionException closed) {
                LOG.debug("closed: what is new is found at the next start");
            }
        }
    }

    private void news() {
        rung.set(false);
        run("new messages", mirror::catchUp);
    }

    private void everything() {
        run("new messages", mirror::catchUp);
        run("changes", mirror::compare);
    }

    private static void run(String what, Work work) {
        try {
            int count = work.run();
            if (count > 0) {
                LOG.debug("{} mirrored: {}", what, count);
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("{} cannot be mirrored now, will be tried again: {}", what, e.toString());
        }
    }

    /** Ends behind what is being done; the thread is not interrupted, as that would close files of the store. */
    @Override
    public void close() {
        ScheduledFuture<?> open = rounds;
        if (open != null) {
            open.cancel(false);
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("spooler-maildir still works after {}; it ends when it is done", CLOSE_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
