package io.spooler.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An alarm that rings when the test says so. */
final class Bell implements Alarm {

    private static final int PATIENCE_SECONDS = 20;

    private final BlockingQueue<Rest> rests = new LinkedBlockingQueue<>();

    /** One that waits. */
    record Rest(Duration delay, Runnable task) {}

    @Override
    public Runnable after(Duration delay, Runnable task) {
        Rest rest = new Rest(delay, task);
        rests.add(rest);
        return () -> rests.remove(rest);
    }

    /** Waits until somebody rests. */
    Rest next() throws InterruptedException {
        Rest rest = rests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(rest).as("the fetcher rests").isNotNull();
        return rest;
    }
}
