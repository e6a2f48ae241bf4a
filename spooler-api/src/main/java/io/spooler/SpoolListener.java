package io.spooler;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears of events. Register as a service; the core finds it. */
@ConsumerType
@FunctionalInterface
public interface SpoolListener {

    /**
     * Service property, String or String[]: simple names of the events that it wants, such as {@code Arrived}; without it all.
     * No thread is woken for the others. {@link SpoolEvent.Missed} is told in any case.
     */
    String EVENTS = "spooler.events";

    /**
     * Called once per event that it wants, in order, one event at a time, on a thread of the core that serves this listener alone: a slow
     * one delays nobody else. Up to 100 000 events are kept for it; beyond them it misses what happens until it has heard
     * those, and then hears {@link SpoolEvent.Missed}. What it throws is logged.
     *
     * @param event what happened
     */
    void onEvent(SpoolEvent event);
}
