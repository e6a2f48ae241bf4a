package io.spooler.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Threads that all do the same work again and again, each the next piece when the last one is done. They begin together
 * and end when the time or the pieces run out, when the crew is told to stop, or when one fails.
 */
final class Crew {

    /** One piece of work; from many threads. */
    @FunctionalInterface
    interface Work {

        /**
         * Does it.
         *
         * @throws Exception if it fails: then all end
         */
        void once() throws Exception;
    }

    /**
     * What a crew did.
     *
     * @param count pieces
     * @param nanos from the first to the last
     * @param latencies of each
     * @param allocated octets of heap, by all threads of the process
     * @param processor nanoseconds of all of them
     */
    record Done(long count, long nanos, Histogram latencies, long allocated, long processor) {

        double perSecond() {
            return count * 1e9 / nanos;
        }

        double allocatedEach() {
            return (double) allocated / Math.max(1, count);
        }

        double processorMicrosEach() {
            return processor / 1e3 / Math.max(1, count);
        }
    }

    private final Work work;
    private final long nanos;
    private final AtomicLong left;
    private final AtomicLong count = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch begin = new CountDownLatch(1);
    private final CountDownLatch done;
    private final CountDownLatch counted = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final Histogram latencies = new Histogram();
    private volatile boolean stopped;
    private long started;
    private long allocatedBefore;
    private long processorBefore;

    private Crew(int size, long nanos, long most, Work work) {
        this.work = work;
        this.nanos = nanos;
        this.left = new AtomicLong(most);
        this.done = new CountDownLatch(size);
        for (int i = 0; i < size; i++) {
            threads.add(new Thread(this::run, "worker-" + i));
        }
    }

    /**
     * Works to the end.
     *
     * @param size threads
     * @param nanos at most so long, but for the pieces that are under way then
     * @param most pieces
     * @param work what
     * @throws Exception the first failure
     */
    static Done run(int size, long nanos, long most, Work work) throws Exception {
        Crew crew = new Crew(size, nanos, most, work);
        crew.start();
        return crew.join();
    }

    /** Begins to work without an end; {@link #stop} is the end. */
    static Crew begin(int size, Work work) {
        Crew crew = new Crew(size, Long.MAX_VALUE, Long.MAX_VALUE, work);
        crew.start();
        return crew;
    }

    private void start() {
        threads.forEach(Thread::start);
        allocatedBefore = Machine.allocated();
        processorBefore = Machine.processor();
        started = System.nanoTime();
        begin.countDown();
    }

    boolean hasFailed() {
        return failure.get() != null;
    }

    /** Ends after the present pieces; throws the first failure. */
    Done stop() throws Exception {
        stopped = true;
        return join();
    }

    private Done join() throws Exception {
        done.await();
        long spent = System.nanoTime() - started;
        long processor = Machine.processor() - processorBefore;
        long allocated = Machine.allocated() - allocatedBefore;
        counted.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable reason = failure.get();
        if (reason != null) {
            throw new IllegalStateException("a worker failed", reason);
        }
        return new Done(count.get(), spent, latencies, allocated, processor);
    }

    private void run() {
        Histogram mine = new Histogram();
        long pieces = 0;
        try {
            begin.await();
            long before = System.nanoTime();
            while (!stopped && before - started < nanos && left.getAndDecrement() > 0) {
                work.once();
                long after = System.nanoTime();
                mine.add(after - before);
                before = after;
                pieces++;
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            stopped = true;
        } finally {
            finish(mine, pieces);
        }
    }

    /** A thread that has ended has no allocation to be asked for. */
    private void finish(Histogram mine, long pieces) {
        synchronized (latencies) {
            latencies.addAll(mine);
        }
        count.addAndGet(pieces);
        done.countDown();
        try {
            counted.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
