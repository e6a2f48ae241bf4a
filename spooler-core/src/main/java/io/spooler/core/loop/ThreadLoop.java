package io.spooler.core.loop;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop on a thread of its own, named {@code spooler-core}. What a piece throws is logged and stops only that piece.
 * Pieces that come after the end are rejected, so that nobody waits for an answer in vain.
 */
public final class ThreadLoop implements Loop, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadLoop.class);
    private static final long CLOSE_MILLIS = 5000;
    private static final int TURN = 1000;

    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "spooler-core");
    // Owned by the thread.
    private final PriorityQueue<Later> timers =
            new PriorityQueue<>(Comparator.comparingLong(Later::nanos).thenComparingLong(Later::order));
    private long order;
    private volatile boolean asleep;
    private volatile boolean closed;
    private volatile boolean ended;

    /** Pieces may be given before, but nothing runs until this was called. */
    public void start() {
        thread.start();
    }

    @Override
    public void execute(Runnable piece) {
        inbox.add(piece);
        if (ended) {
            reject();
        } else if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Timer after(Duration delay, Runnable piece) {
        Later later = new Later(System.nanoTime() + delay.toNanos(), order++, piece);
        timers.add(later);
        return () -> timers.remove(later);
    }

    private record Later(long nanos, long order, Runnable piece) {}

    private void run() {
        while (!closed || !inbox.isEmpty()) {
            for (int i = 0; i < TURN; i++) {
                Runnable piece = inbox.poll();
                if (piece == null) {
                    break;
                }
                guarded(piece);
            }
            runTimers();
            sleep();
        }
        ended = true;
        reject();
    }

    private void runTimers() {
        long now = System.nanoTime();
        for (Later next = timers.peek(); next != null && next.nanos() - now <= 0; next = timers.peek()) {
            timers.remove();
            if (!closed) {
                guarded(next.piece());
            }
        }
    }

    private void sleep() {
        // Whoever adds after this line sees it and wakes us; whoever added before is seen by us.
        asleep = true;
        if (inbox.isEmpty() && !closed) {
            Later next = timers.peek();
            if (next == null) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, Math.max(1, next.nanos() - System.nanoTime()));
            }
        }
        asleep = false;
    }

    private static void guarded(Runnable piece) {
        try {
            piece.run();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("a piece of the core's work failed; its message is tried again after its lease", e);
        }
    }

    private void reject() {
        for (@Nullable Runnable piece = inbox.poll(); piece != null; piece = inbox.poll()) {
            if (piece instanceof Piece asked) {
                asked.rejected();
            }
        }
    }

    /** Runs what is queued and ends, within five seconds; timers do not run any more. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
