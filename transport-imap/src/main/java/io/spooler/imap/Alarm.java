package io.spooler.imap;

import java.time.Duration;

/** Calls back later. Any thread. */
@FunctionalInterface
interface Alarm {

    /**
     * Sets it.
     *
     * @param delay from now
     * @param task quick; called once, on the thread of the alarm
     * @return takes it back, if it has not rung yet
     */
    Runnable after(Duration delay, Runnable task);
}
