package io.spooler.core.event;

import io.spooler.SpoolEvent;
import io.spooler.SpoolListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what happened, in order, away from the core's thread. The executor must run one task at a time and be
 * bounded; what does not fit is counted and said, so that a stuck listener costs events and never mail.
 */
public final class Events {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final List<SpoolListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong lost = new AtomicLong();
    private final Executor executor;
    private final Consumer<SpoolEvent> first;

    /**
     * Assigns.
     *
     * @param executor runs one task at a time, in order
     * @param first hears of each event before the listeners do
     */
    public Events(Executor executor, Consumer<SpoolEvent> first) {
        this.executor = executor;
        this.first = first;
    }

    /**
     * Adds a listener; it hears of what happens from now on.
     *
     * @param listener the service
     */
    public void add(SpoolListener listener) {
        listeners.add(listener);
    }

    /**
     * Removes a listener; a call in progress may still end.
     *
     * @param listener the service
     */
    public void remove(SpoolListener listener) {
        listeners.remove(listener);
    }

    /**
     * Announces an event. Never blocks.
     *
     * @param event what happened
     */
    public void emit(SpoolEvent event) {
        try {
            executor.execute(() -> tell(event));
        } catch (RejectedExecutionException full) {
            if (lost.getAndIncrement() % 10_000 == 0) {
                LOG.warn("{} events were not told: a listener is too slow, or the core stops", lost.get());
            }
        }
    }

    private void tell(SpoolEvent event) {
        first.accept(event);
        for (SpoolListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("listener {} failed", listener.getClass().getName(), e);
            }
        }
    }
}
