package io.spooler.core.complete;

import io.spooler.Content;
import io.spooler.Mailboxes;
import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.SentCopy;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.loop.Limiter;
import io.spooler.core.prepare.Preparer;
import io.spooler.core.registry.HookEntry;
import io.spooler.core.registry.Snapshot;
import io.spooler.hook.OutboundHook;
import io.spooler.hook.SentMessage;
import io.spooler.hook.Verdict;
import io.spooler.store.Folders.Filing;
import io.spooler.store.Message;
import io.spooler.transport.Inlet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes between the last outcome of a message and its completion, in this order: undo of its preprocessors, outbound
 * hooks, filing of the sender's copy (R24, R48). Its methods run on the loop, the hooks on a worker and within a time
 * limit.
 *
 * <p>Failures: a hook that throws is passed over; if the hooks overrun their time, what the sender wanted holds.
 */
public final class Completion {

    private static final Logger LOG = LoggerFactory.getLogger(Completion.class);
    private static final Set<String> SEEN = Set.of("\\Seen");

    private final Limiter limiter;
    private final Copier copier;
    private final Supplier<Snapshot> present;

    /**
     * Assigns.
     *
     * @param limiter runs the hooks
     * @param copier files the copy
     * @param present what is present
     */
    public Completion(Limiter limiter, Copier copier, Supplier<Snapshot> present) {
        this.limiter = limiter;
        this.copier = copier;
        this.present = present;
    }

    /**
     * Tells whether anything comes between.
     *
     * @param message all of whose recipients are final
     * @return false if it may be completed with its last outcome
     */
    public boolean isNeeded(ActiveMessage message) {
        Message record = message.message();
        return !record.hooks().isEmpty()
                || record.envelope().options().sent() != null
                || !present.get().outboundHooks().isEmpty();
    }

    /**
     * Does all of it.
     *
     * @param active all of whose recipients are final
     * @param done run on the loop when the message may be completed; never if it was dropped meanwhile
     */
    public void run(ActiveMessage active, Runnable done) {
        Message message = active.message();
        MessageStatus last = active.status(true);
        Snapshot snapshot = present.get();
        boolean cancelled = isCancelled(last);
        Filing asked = asked(message, last, cancelled);
        List<HookEntry<OutboundHook>> hooks = cancelled ? List.of() : snapshot.outboundHooks();
        if (message.hooks().isEmpty() && hooks.isEmpty()) {
            copier.file(active, asked, done);
            return;
        }
        limiter.<Optional<Filing>>run(
                () -> {
                    undo(message, snapshot);
                    return Optional.ofNullable(ask(hooks, last, asked, message.accepted()));
                },
                (chosen, error) -> {
                    if (error != null) {
                        LOG.error("{}: hooks behind its delivery did not end: {}", message.id(), error.toString());
                    }
                    copier.file(active, chosen == null ? asked : chosen.orElse(null), done);
                });
    }

    /** Nothing was sent: it is not a sent message, so no hook for those sees it. */
    private static boolean isCancelled(MessageStatus last) {
        return last.recipients().stream().allMatch(r -> r.state() == RecipientState.CANCELLED);
    }

    /** What is cancelled is a draft again (R15), but not what a hook discarded without a word (R22). */
    private static @Nullable Filing asked(Message message, MessageStatus last, boolean cancelled) {
        SentCopy sent = message.envelope().options().sent();
        if (sent == null || last.recipients().stream().anyMatch(Preparer::isDiscarded)) {
            return null;
        }
        String folder = cancelled ? Mailboxes.DRAFTS : sent.target();
        return folder == null
                ? null
                : new Filing(
                        sent.mailbox(),
                        folder,
                        Inlet.Arrival.NOTE,
                        message.envelope().sender(),
                        SEEN);
    }

    private static void undo(Message message, Snapshot snapshot) {
        try {
            Preparer.undo(message.hooks(), message.id(), snapshot);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{}: a preprocessor failed to undo", message.id(), e);
        }
    }

    /** The target that the hooks leave, by the rules of R25. */
    private static @Nullable Filing ask(
            List<HookEntry<OutboundHook>> hooks, MessageStatus last, @Nullable Filing asked, Content content) {
        Filing target = asked;
        boolean delete = false;
        for (HookEntry<OutboundHook> entry : hooks) {
            Verdict verdict = ask(entry, new SentMessage(last, target, content));
            target = verdict.target() == null ? target : verdict.target();
            delete |= verdict.delete();
            if (verdict.cancel()) {
                break;
            }
        }
        return delete ? null : target;
    }

    private static Verdict ask(HookEntry<OutboundHook> entry, SentMessage message) {
        try {
            return entry.hook().process(message);
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            LOG.error(
                    "{}: the outbound hook {} failed and is passed over",
                    message.status().id(),
                    entry.name(),
                    e);
            return Verdict.CONTINUE;
        }
    }
}
