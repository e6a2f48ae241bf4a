package io.spooler.core.prepare;

import io.spooler.Reply;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.store.Message;
import io.spooler.store.Settlement;
import io.spooler.store.Settlement.Transition;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a message through the preprocessors on a worker, within a time limit, and records what they changed before
 * anything is delivered. Its methods run on the loop.
 */
public final class Preparation {

    private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);

    private final Loop loop;
    private final Executor workers;
    private final Preparer preparer;
    private final Next next;
    private final Set<Run> running = new LinkedHashSet<>();
    private Duration limit;
    private boolean watching;

    /** Where the message goes from here; called on the loop. */
    public interface Next {

        /**
         * The message is prepared.
         *
         * @param message with its new recipients and content
         * @param refused recipients that a hook refused; to be recorded first
         */
        void prepared(ActiveMessage message, List<Transition> refused);

        /**
         * A hook threw or overran its time: the message is as it was (R23).
         *
         * @param message the message
         * @param reply why
         */
        void failed(ActiveMessage message, Reply reply);

        /**
         * The store could not record the preparation.
         *
         * @param message the message
         */
        void lost(ActiveMessage message);
    }

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param workers run the hooks
     * @param preparer knows how
     * @param limit time for all hooks of one message
     * @param next where messages go from here
     */
    public Preparation(Loop loop, Executor workers, Preparer preparer, Duration limit, Next next) {
        this.loop = loop;
        this.workers = workers;
        this.preparer = preparer;
        this.limit = limit;
        this.next = next;
    }

    /**
     * Takes a new time limit.
     *
     * @param time for all hooks of one message
     */
    public void configure(Duration time) {
        limit = time;
    }

    /**
     * Begins.
     *
     * @param message not prepared yet
     * @param snapshot what is present
     */
    public void start(ActiveMessage message, Snapshot snapshot) {
        if (snapshot.preProcessors().isEmpty()) {
            message.unchanged();
            next.prepared(message, List.of());
            return;
        }
        message.busy(true);
        Run run = new Run(message, snapshot, loop.nanos() + limit.toNanos());
        running.add(run);
        watch();
        workers.execute(run.task);
    }

    /** One timer for all: hooks that overrun are rare. */
    private void watch() {
        if (!watching) {
            watching = true;
            loop.after(limit.dividedBy(4), this::sweep);
        }
    }

    private void sweep() {
        watching = false;
        long now = loop.nanos();
        List.copyOf(running).stream().filter(run -> now - run.deadline > 0).forEach(Run::overrun);
        if (!running.isEmpty()) {
            watch();
        }
    }

    /** One message on its way through the hooks; ends once, by result or by time. */
    private final class Run {

        private final ActiveMessage message;
        private final FutureTask<?> task;
        private final long deadline;

        private Run(ActiveMessage message, Snapshot snapshot, long deadline) {
            this.deadline = deadline;
            this.message = message;
            this.task = new FutureTask<>(() -> work(snapshot), null);
        }

        private void work(Snapshot snapshot) {
            try {
                Preparer.Result result = preparer.prepare(message, snapshot);
                loop.execute(() -> end(result, null));
            } catch (Exception | LinkageError e) {
                loop.execute(() -> end(null, e));
            }
        }

        private void overrun() {
            // No interrupt: it would close files of the store that others read.
            task.cancel(false);
            end(null, new java.util.concurrent.TimeoutException("hooks took longer than " + limit));
        }

        private void end(Preparer.@Nullable Result result, @Nullable Throwable error) {
            if (!running.remove(this)) {
                return;
            }
            message.busy(false);
            if (result instanceof Preparer.Changed changed) {
                record(message, changed);
            } else if (result != null) {
                message.unchanged();
                next.prepared(message, List.of());
            } else {
                LOG.error("{}: a preprocessor failed; the message stays queued", message.id(), error);
                next.failed(message, new Reply("4.3.0", "a preprocessor failed: " + error));
            }
        }
    }

    private void record(ActiveMessage message, Preparer.Changed changed) {
        message.busy(true);
        message.store()
                .store()
                .settle(message.claim(), new Settlement(changed.prepared(), List.of(), false))
                .whenComplete((nothing, error) -> loop.execute(() -> recorded(message, changed, error)));
    }

    private void recorded(ActiveMessage message, Preparer.Changed changed, @Nullable Throwable error) {
        message.busy(false);
        Optional<Message> prepared = error == null ? message.store().store().find(message.id()) : Optional.empty();
        if (prepared.isEmpty()) {
            LOG.error("{}: preparation not recorded, done again later", message.id(), error);
            next.lost(message);
            return;
        }
        message.replace(prepared.get());
        next.prepared(message, changed.transitions());
    }
}
