package io.spooler.shell;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that everything is there: when nothing is missing and nothing has happened for a moment, or when the time is
 * over. Looks only after a {@link #poke()}.
 *
 * <p>Thread: {@code spooler-banner}, which ends once it has been said, or at {@link #close()}. All fields belong to it.
 */
final class ReadyWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReadyWatch.class);

    private final ScheduledThreadPoolExecutor timer;
    private final Supplier<Optional<List<String>>> missing;
    private final Consumer<List<String>> ready;
    private final Duration settle;
    private final Duration limit;
    private @Nullable ScheduledFuture<?> pending;
    private @Nullable ScheduledFuture<?> end;

    /**
     * A watch.
     *
     * @param missing what is not there yet; empty if it is too early to ask
     * @param ready is told once what is still missing
     * @param settle how long nothing must have happened
     * @param limit how long to wait from the first time that it was not too early
     */
    ReadyWatch(
            Supplier<Optional<List<String>>> missing, Consumer<List<String>> ready, Duration settle, Duration limit) {
        this.missing = missing;
        this.ready = ready;
        this.settle = settle;
        this.limit = limit;
        timer = new ScheduledThreadPoolExecutor(
                1, r -> new Thread(r, "spooler-banner"), new ThreadPoolExecutor.DiscardPolicy());
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Something has happened. Any thread; does not block. */
    void poke() {
        timer.execute(this::restart);
    }

    private void restart() {
        if (pending != null) {
            pending.cancel(false);
        }
        pending = timer.schedule(this::look, settle.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        Optional<List<String>> found = ask();
        if (found.isPresent() && end == null) {
            end = timer.schedule(this::expire, limit.toMillis(), TimeUnit.MILLISECONDS);
        }
        found.filter(List::isEmpty).ifPresent(this::say);
    }

    private void expire() {
        say(ask().orElse(List.of()));
    }

    private Optional<List<String>> ask() {
        try {
            return missing.get();
        } catch (RuntimeException e) {
            // A framework may throw while a bundle leaves; that is an event, so there will be another look.
            LOG.debug("cannot tell what is missing", e);
            return Optional.empty();
        }
    }

    private void say(List<String> still) {
        timer.shutdown();
        ready.accept(still);
    }

    /** Says nothing any more. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
