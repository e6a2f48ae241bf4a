package io.spooler.shell;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits on the thread of a command for what it has ordered. An interrupt, as of Ctrl-C, ends the waiting. */
final class Await {

    private static final Duration PAUSE = Duration.ofMillis(500);

    private Await() {}

    static <T> T of(CompletionStage<T> stage) throws InterruptedException {
        return of(stage, () -> {});
    }

    /**
     * Waits.
     *
     * @param stage for what
     * @param meanwhile run again and again until then
     * @return its result
     * @throws InterruptedException if the command was interrupted
     */
    static <T> T of(CompletionStage<T> stage, Runnable meanwhile) throws InterruptedException {
        CompletableFuture<T> future = stage.toCompletableFuture();
        while (true) {
            try {
                return future.get(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                meanwhile.run();
            } catch (ExecutionException e) {
                throw new IllegalStateException(
                        e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
            }
        }
    }
}
