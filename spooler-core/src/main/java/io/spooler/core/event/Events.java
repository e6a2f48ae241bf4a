package io.spooler.core.event;

import io.spooler.SpoolEvent;
import io.spooler.SpoolListener;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** Tells listeners what happened, each one in order and by itself, away from the threads on which it happens. */
public final class Events {

    /** So many are kept for a listener that does not keep up. */
    public static final int MOST = 100_000;

    private final List<Hearing> listeners = new CopyOnWriteArrayList<>();
    private final Executor executor;
    private final int most;

    /**
     * Assigns.
     *
     * @param executor runs a task for each listener that has something to hear, all at the same time
     * @param first hears of each event before the listeners do, if the executor runs one after the other
     */
    public Events(Executor executor, SpoolListener first) {
        this(executor, first, MOST);
    }

    /**
     * With a first listener that wants little of what happens.
     *
     * @param executor runs a task for each listener that has something to hear, all at the same time
     * @param first hears of events before the listeners do, if the executor runs one after the other
     * @param wanted whether it is to be told of an event; called where it happens, so it must be quick
     */
    public Events(Executor executor, SpoolListener first, Predicate<SpoolEvent> wanted) {
        this.executor = executor;
        this.most = MOST;
        add(first, wanted);
    }

    /**
     * With another bound.
     *
     * @param executor runs a task for each listener that has something to hear
     * @param first a listener
     * @param most so many events are kept for each
     */
    public Events(Executor executor, SpoolListener first, int most) {
        this.executor = executor;
        this.most = most;
        add(first);
    }

    /**
     * Adds a listener; it hears of what happens from now on.
     *
     * @param listener the service
     */
    public void add(SpoolListener listener) {
        add(listener, List.of());
    }

    /**
     * Adds a listener; it hears of what happens from now on.
     *
     * @param listener the service
     * @param kinds what it wants, see {@link SpoolListener#EVENTS}; empty for all
     */
    public void add(SpoolListener listener, Collection<String> kinds) {
        Set<String> names = Set.copyOf(kinds);
        add(
                listener,
                event -> names.isEmpty() || names.contains(event.getClass().getSimpleName()));
    }

    private void add(SpoolListener listener, Predicate<SpoolEvent> wanted) {
        listeners.add(new Hearing(listener, wanted, executor, most));
    }

    /**
     * Removes a listener; a call in progress may still end.
     *
     * @param listener the service
     */
    public void remove(SpoolListener listener) {
        listeners.stream().filter(hearing -> hearing.isOf(listener)).forEach(Hearing::leave);
        listeners.removeIf(hearing -> hearing.isOf(listener));
    }

    /**
     * Announces an event. Never blocks.
     *
     * @param event what happened
     */
    public void emit(SpoolEvent event) {
        listeners.forEach(hearing -> hearing.add(event));
    }
}
