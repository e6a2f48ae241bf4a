package io.spooler.core.event;

import io.spooler.SpoolEvent;
import io.spooler.SpoolListener;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one listener has still to hear, in order and bounded, so that a slow one costs nobody else anything. Once the bound is
 * reached it misses all that happens until it has heard what is kept; then it is told how much it missed. Any thread; one
 * lock, its own, under which nobody is called.
 */
final class Hearing implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Hearing.class);

    private final SpoolListener listener;
    private final Predicate<SpoolEvent> wanted;
    private final Executor executor;
    private final int most;
    private final ArrayDeque<SpoolEvent> events = new ArrayDeque<>();
    private SpoolEvent.@Nullable Missed missed;
    private boolean running;
    private boolean gone;

    /** No thread is woken for what is not wanted. */
    Hearing(SpoolListener listener, Predicate<SpoolEvent> wanted, Executor executor, int most) {
        this.listener = listener;
        this.wanted = wanted;
        this.executor = executor;
        this.most = most;
    }

    boolean isOf(SpoolListener other) {
        return listener == other;
    }

    void add(SpoolEvent event) {
        if (wanted.test(event) && keep(event)) {
            try {
                executor.execute(this);
            } catch (RejectedExecutionException stopped) {
                leave(); // The core stops.
            }
        }
    }

    /** Returns true if nobody tells it at present. */
    private synchronized boolean keep(SpoolEvent event) {
        if (gone) {
            return false;
        }
        if (missed != null || events.size() >= most) {
            miss(event);
        } else {
            events.add(event);
        }
        boolean idle = !running;
        running = true;
        return idle;
    }

    private void miss(SpoolEvent event) {
        if (missed == null) {
            LOG.warn("listener {} is too slow: it misses events from now on", name());
            missed = new SpoolEvent.Missed(event.id(), event.time(), 1);
        } else {
            missed = new SpoolEvent.Missed(missed.id(), missed.time(), missed.events() + 1);
        }
    }

    /** A call in progress may still end. */
    synchronized void leave() {
        gone = true;
        events.clear();
        missed = null;
    }

    @Override
    public void run() {
        for (SpoolEvent event = next(); event != null; event = next()) {
            try {
                listener.onEvent(event);
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("listener {} failed", name(), e);
            }
        }
    }

    private synchronized @Nullable SpoolEvent next() {
        SpoolEvent next = events.poll();
        if (next == null && missed != null) {
            next = missed;
            missed = null;
        }
        running = next != null;
        return next;
    }

    private String name() {
        return listener.getClass().getName();
    }
}
