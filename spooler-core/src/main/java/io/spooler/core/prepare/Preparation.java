package io.spooler.core.prepare;

import io.spooler.Reply;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.loop.Limiter;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.store.Message;
import io.spooler.store.Settlement;
import io.spooler.store.Settlement.Transition;
import java.util.List;
import java.util.Optional;
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
    private final Limiter limiter;
    private final Preparer preparer;
    private final Next next;

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
     * @param limiter runs the hooks
     * @param preparer knows how
     * @param next where messages go from here
     */
    public Preparation(Loop loop, Limiter limiter, Preparer preparer, Next next) {
        this.loop = loop;
        this.limiter = limiter;
        this.preparer = preparer;
        this.next = next;
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
        message.begin();
        limiter.run(() -> preparer.prepare(message, snapshot), (result, error) -> end(message, result, error));
    }

    private void end(ActiveMessage message, Preparer.@Nullable Result result, @Nullable Throwable error) {
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

    private void record(ActiveMessage message, Preparer.Changed changed) {
        message.busy(true);
        message.settle(new Settlement(changed.prepared(), List.of(), false))
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
