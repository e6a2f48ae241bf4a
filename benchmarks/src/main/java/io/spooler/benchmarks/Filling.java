package io.spooler.benchmarks;

import io.spooler.store.Claim;
import io.spooler.store.MessageStore;
import io.spooler.store.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Fills queues, and finishes what is due in them. */
final class Filling {

    /** A lease that no measurement outlives. */
    static final Duration LEASE = Duration.ofHours(12);

    static final int WRITERS = 64;

    private static final int BUNDLE = 100;
    static final int IN_FLIGHT = 256;
    private static final long PATIENCE_SECONDS = 120;

    private Filling() {}

    /** Submits so many, from 64 threads. */
    static Crew.Done fill(MessageStore store, Mail mail, long count) throws Exception {
        return Crew.run(WRITERS, Long.MAX_VALUE, count, () -> mail.submit(store));
    }

    /**
     * Submits so many, from 64 threads; one in {@code living} of them is not due while a measurement lasts, so that
     * {@link #finish} leaves it alone.
     */
    static Crew.Done fillMixed(MessageStore store, Mail mail, long count, int living) throws Exception {
        AtomicLong number = new AtomicLong();
        Mail later = mail.later();
        return Crew.run(
                WRITERS,
                Long.MAX_VALUE,
                count,
                () -> (number.getAndIncrement() % living == 0 ? later : mail).submit(store));
    }

    /**
     * As {@link #finish(MessageStore, Histogram, int)}, with 256 settlements under way at most.
     *
     * @param store whose
     * @param latencies takes how long each settlement took
     * @return how many
     * @throws Exception if a settlement failed
     */
    static long finish(MessageStore store, Histogram latencies) throws Exception {
        return finish(store, latencies, IN_FLIGHT);
    }

    /**
     * Claims all that is due, 100 at a time, says of each that work begins, and settles it as delivered and complete. From one
     * thread, as the core does.
     *
     * @param store whose
     * @param latencies takes how long each settlement took
     * @param inFlight so many settlements are under way at most
     * @return how many
     * @throws Exception if a settlement failed
     */
    static long finish(MessageStore store, Histogram latencies, int inFlight) throws Exception {
        Semaphore room = new Semaphore(inFlight);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        long count = 0;
        List<Claim> claims = store.claim(BUNDLE, Instant.now(), LEASE);
        while (!claims.isEmpty()) {
            for (Claim claim : claims) {
                acquire(room, 1);
                settle(store, claim, room, latencies, failure);
                count++;
            }
            claims = store.claim(BUNDLE, Instant.now(), LEASE);
        }
        acquire(room, inFlight);
        Throwable reason = failure.get();
        if (reason != null) {
            throw new IllegalStateException("a settlement failed", reason);
        }
        return count;
    }

    private static void acquire(Semaphore room, int permits) throws InterruptedException {
        if (!room.tryAcquire(permits, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("settlements did not complete in " + PATIENCE_SECONDS + " s");
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the semaphore counts them
    private static void settle(
            MessageStore store,
            Claim claim,
            Semaphore room,
            Histogram latencies,
            AtomicReference<@Nullable Throwable> failure) {
        store.settle(claim, Settlement.BEGINS);
        long before = System.nanoTime();
        store.settle(claim, Mail.DELIVERED).whenComplete((nothing, problem) -> {
            if (problem != null) {
                failure.compareAndSet(null, problem);
            }
            synchronized (latencies) {
                latencies.add(System.nanoTime() - before);
            }
            room.release();
        });
    }
}
