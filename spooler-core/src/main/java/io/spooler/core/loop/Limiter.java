package io.spooler.core.loop;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs hooks on workers, each piece within a time limit. Its methods run on the loop, and so does what a piece ends with.
 *
 * <p>Known limit: a piece that overruns is not interrupted, since that would close files of the store that others read; it
 * keeps its worker, and what it answers in the end counts for nothing.
 */
public final class Limiter {

    private final Loop loop;
    private final Executor workers;
    private final Supplier<Duration> limit;
    private final Set<Piece<?>> running = new LinkedHashSet<>();
    private boolean watching;

    /**
     * Where a piece ends, by result or by time.
     *
     * @param <T> what it makes
     */
    @FunctionalInterface
    public interface End<T> {

        /**
         * Ends, once. Called on the loop.
         *
         * @param result what the piece made, or null
         * @param error what it threw, or that its time was up; null if it ended well
         */
        void end(@Nullable T result, @Nullable Throwable error);
    }

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param workers run the pieces
     * @param limit time for a piece, as it is when one begins
     */
    public Limiter(Loop loop, Executor workers, Supplier<Duration> limit) {
        this.loop = loop;
        this.workers = workers;
        this.limit = limit;
    }

    /**
     * Begins.
     *
     * @param <T> what the piece makes
     * @param work run on a worker
     * @param end hears of it
     */
    public <T> void run(Callable<T> work, End<T> end) {
        Piece<T> piece = new Piece<>(work, end, limit.get());
        running.add(piece);
        watch();
        workers.execute(piece.task);
    }

    /** One timer for all: hooks that overrun are rare. */
    private void watch() {
        if (!watching) {
            watching = true;
            loop.after(limit.get().dividedBy(4), this::sweep);
        }
    }

    private void sweep() {
        watching = false;
        long now = loop.nanos();
        List.copyOf(running).stream().filter(piece -> now - piece.deadline > 0).forEach(Piece::overrun);
        if (!running.isEmpty()) {
            watch();
        }
    }

    private final class Piece<T> {

        private final Callable<T> work;
        private final End<T> end;
        private final Duration time;
        private final long deadline;
        private final FutureTask<?> task;

        private Piece(Callable<T> work, End<T> end, Duration time) {
            this.work = work;
            this.end = end;
            this.time = time;
            this.deadline = loop.nanos() + time.toNanos();
            this.task = new FutureTask<>(this::work, null);
        }

        private void work() {
            try {
                T result = work.call();
                loop.execute(() -> end(result, null));
            } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                loop.execute(() -> end(null, e));
            }
        }

        private void overrun() {
            task.cancel(false);
            end(null, new TimeoutException("hooks took longer than " + time));
        }

        private void end(@Nullable T result, @Nullable Throwable error) {
            if (running.remove(this)) {
                end.end(result, error);
            }
        }
    }
}
