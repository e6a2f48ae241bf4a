package io.spooler;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears of events. Register as a service; the core finds it. */
@ConsumerType
@FunctionalInterface
public interface SpoolListener {

    /**
     * Called once per event, in order, on one thread of the core that serves all listeners; a slow listener delays the
     * others but never delivery. What it throws is logged.
     *
     * @param event what happened
     */
    void onEvent(SpoolEvent event);
}
