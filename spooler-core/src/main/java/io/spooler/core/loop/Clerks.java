package io.spooler.core.loop;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Do what may have to wait for a disk, away from the loop: look through stores, write reports. They run no code of hooks or
 * transports, so that none of these can keep them. Any thread.
 */
public final class Clerks {

    private final Executor threads;

    /**
     * Assigns.
     *
     * @param threads run the work; few
     */
    public Clerks(Executor threads) {
        this.threads = threads;
    }

    /**
     * Gives work to the next clerk that is free.
     *
     * @param work may block; touches no state of the core
     * @param <T> type of the result
     * @return completes with the result, exceptionally with whatever the work threw, or if nobody takes it any more; on the
     *     thread of the clerk
     */
    public <T> CompletionStage<T> ask(Callable<T> work) {
        try {
            return CompletableFuture.supplyAsync(() -> call(work), threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static <T> T call(Callable<T> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }
}
