package io.spooler.core.loop;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Runs the core's work one piece after the other, so that the state of messages and lanes needs no locks. Pieces must be
 * short and must not block.
 */
public interface Loop extends Executor {

    /**
     * The time that has passed, for intervals: a jump of the wall clock does not matter. Any thread.
     *
     * @return nanoseconds since an arbitrary moment
     */
    long nanos();

    /**
     * Runs a piece later. Called on the loop only. Intervals are monotonic: a jump of the wall clock does not matter.
     *
     * @param delay not before this time has passed
     * @param piece what to run
     * @return takes it back
     */
    Timer after(Duration delay, Runnable piece);

    /**
     * Runs a piece and hands its result to another thread.
     *
     * @param piece what to run
     * @param <T> type of the result
     * @return completes with the result, exceptionally with what it threw
     */
    default <T> CompletableFuture<T> call(Callable<T> piece) {
        return follow(() -> {
            try {
                return CompletableFuture.completedFuture(piece.call());
            } catch (Exception e) {
                return CompletableFuture.failedFuture(e);
            }
        });
    }

    /**
     * Runs a piece whose result comes later.
     *
     * @param piece what to run
     * @param <T> type of the result
     * @return completes as the piece's own future does, exceptionally with what it threw
     */
    default <T> CompletableFuture<T> follow(Supplier<? extends CompletionStage<T>> piece) {
        Question<T> question = new Question<>(piece, new CompletableFuture<>());
        execute(question);
        return question.answer();
    }

    /** A piece that wants to know if it will never run. */
    interface Piece extends Runnable {

        /** The loop has ended. */
        void rejected();
    }

    /**
     * A piece with an answer.
     *
     * @param <T> type of the answer
     * @param piece what to run
     * @param answer completes with its result
     */
    record Question<T>(Supplier<? extends CompletionStage<T>> piece, CompletableFuture<T> answer) implements Piece {

        @Override
        public void run() {
            try {
                piece.get().whenComplete((value, error) -> {
                    if (error == null) {
                        answer.complete(value);
                    } else {
                        answer.completeExceptionally(error);
                    }
                });
            } catch (RuntimeException | LinkageError e) {
                answer.completeExceptionally(e);
            }
        }

        @Override
        public void rejected() {
            answer.completeExceptionally(new IllegalStateException("the spooler core has stopped"));
        }
    }

    /** A piece that has not run yet. */
    @FunctionalInterface
    interface Timer {

        /** Takes the piece back; without effect once it ran. */
        void cancel();
    }
}
