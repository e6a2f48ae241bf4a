package io.spooler.core.prepare;

import io.spooler.Content;
import io.spooler.Draft;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.io.DraftStream;
import io.spooler.core.registry.HookEntry;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.report.Reporter;
import io.spooler.core.route.Router;
import io.spooler.hook.Decision;
import io.spooler.hook.OutgoingMessage;
import io.spooler.hook.PreProcessor;
import io.spooler.store.Message;
import io.spooler.store.Settlement.Prepared;
import io.spooler.store.Settlement.Transition;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs the preprocessors over one message, in order, each seeing what the ones before left. Blocks: runs on a worker,
 * never on the loop, and touches no state of the core.
 */
public final class Preparer {

    private static final String DISCARDED = "discarded by hook ";

    private final Reporter.Outbox outbox;

    /**
     * Assigns.
     *
     * @param outbox takes the further messages that hooks make
     */
    public Preparer(Reporter.Outbox outbox) {
        this.outbox = outbox;
    }

    /** What came of it. */
    public sealed interface Result {}

    /** No hook wanted anything changed. */
    public record Unchanged() implements Result {}

    /**
     * To be recorded before anything is delivered.
     *
     * @param prepared the change
     * @param transitions recipients that are final already: refused, or all of them if the message is discarded
     */
    public record Changed(Prepared prepared, List<Transition> transitions) implements Result {}

    /**
     * Runs the hooks that select this message.
     *
     * @param active the message; only its claim and record are read
     * @param snapshot what is present
     * @return what came of it
     * @throws Exception what a hook threw: the message stays as it was (R23)
     */
    public Result prepare(ActiveMessage active, Snapshot snapshot) throws Exception {
        Message message = active.message();
        Work work = new Work(message);
        for (HookEntry<PreProcessor> entry : snapshot.preProcessors()) {
            if (selects(entry, work.recipients, snapshot)) {
                Decision decision = entry.hook().process(work.view());
                if (decision instanceof Decision.Discard) {
                    return discard(message, work, entry.name());
                }
                if (decision instanceof Decision.Change change) {
                    work.hooks.add(entry.name());
                    apply(active, work, change, entry.name());
                }
            }
        }
        return work.hooks.isEmpty() ? new Unchanged() : work.result();
    }

    /**
     * Tells whether any hook selects a message.
     *
     * @param recipients of the message
     * @param snapshot what is present
     * @return false if it needs no preparation
     */
    public static boolean isWanted(List<Recipient> recipients, Snapshot snapshot) {
        for (HookEntry<PreProcessor> hook : snapshot.preProcessors()) {
            if (selects(hook, recipients, snapshot)) {
                return true;
            }
        }
        return false;
    }

    /** A hook runs if it named a type or transport of any recipient, or neither (R19). */
    private static boolean selects(HookEntry<?> hook, List<Recipient> recipients, Snapshot snapshot) {
        if (hook.types().isEmpty() && hook.transports().isEmpty()) {
            return true;
        }
        for (Recipient recipient : recipients) {
            if (hook.types().contains(recipient.address().type()) || isCarried(hook, recipient, snapshot)) {
                return true;
            }
        }
        return false;
    }

    /** Only the transport that would carry it counts: one in front of it suppresses the hook. */
    private static boolean isCarried(HookEntry<?> hook, Recipient recipient, Snapshot snapshot) {
        if (hook.transports().isEmpty()) {
            return false;
        }
        List<Router.Hop> route = Router.route(recipient, snapshot);
        return !route.isEmpty()
                && hook.transports().contains(route.get(0).transport().name());
    }

    private void apply(ActiveMessage active, Work work, Decision.Change change, String hook)
            throws SpoolException, IOException {
        work.refused.putAll(change.refused());
        if (change.recipients() != null) {
            work.recipients = change.recipients();
            work.replaced = true;
        }
        int number = 0;
        for (Decision.Extra extra : change.extra()) {
            submit(extra, "extra/" + work.message.id() + "/" + hook + "/" + number++);
        }
        if (change.content() != null) {
            revise(active, work, change);
        }
        work.prefix = change.header() + work.prefix;
    }

    private void submit(Decision.Extra extra, String key) throws SpoolException, IOException {
        try (Draft draft = outbox.begin(
                        extra.envelope().with(extra.envelope().options().withIdempotencyKey(key)));
                OutputStream stream = new DraftStream(draft)) {
            extra.content().writeTo(stream);
            draft.commit().toCompletableFuture().join();
        }
    }

    private void revise(ActiveMessage active, Work work, Decision.Change change) throws SpoolException, IOException {
        try (Draft draft = active.store().store().revise(active.claim());
                OutputStream stream = new DraftStream(draft)) {
            Objects.requireNonNull(change.content()).writeTo(stream);
            draft.commit().toCompletableFuture().join();
        }
        // What hooks before put in front was part of what this one saw, and so of what it wrote.
        work.prefix = "";
        work.content = active.store()
                .store()
                .find(work.message.id())
                .orElseThrow(() -> new IOException("message vanished while it was prepared"))
                .content();
    }

    private static Changed discard(Message message, Work work, String hook) {
        List<Transition> all = new ArrayList<>();
        for (int i = 0; i < message.recipients().size(); i++) {
            all.add(new Transition(
                    i, RecipientState.CANCELLED, false, null, null, new Reply("5.7.0", DISCARDED + hook)));
        }
        work.hooks.add(hook);
        return new Changed(new Prepared("", null, work.hooks), all);
    }

    /**
     * Tells whether a hook discarded the message of a recipient.
     *
     * @param status its entry
     * @return true if so; never by what a remote system said
     */
    public static boolean isDiscarded(RecipientStatus status) {
        Reply reply = status.reply();
        return status.state() == RecipientState.CANCELLED
                && status.attempts() == 0
                && reply != null
                && reply.text().startsWith(DISCARDED);
    }

    /** The message as the hooks have left it so far. */
    private static final class Work {

        private final Message message;
        private final List<String> hooks = new ArrayList<>();
        private final Map<Recipient, Reply> refused = new LinkedHashMap<>();
        private List<Recipient> recipients;
        private boolean replaced;
        private String prefix = "";
        private Content content;

        private Work(Message message) {
            this.message = message;
            this.content = message.content();
            this.recipients = new ArrayList<>(message.recipients().size());
            for (RecipientStatus status : message.recipients()) {
                this.recipients.add(status.recipient());
            }
        }

        private OutgoingMessage view() {
            return new OutgoingMessage(
                    message.id(),
                    message.submitted(),
                    message.envelope().sender(),
                    message.envelope().options(),
                    recipients,
                    prefix.isEmpty() ? content : new PrefixedContent(prefix, content));
        }

        private Changed result() {
            List<Transition> transitions = new ArrayList<>();
            for (int i = 0; i < recipients.size(); i++) {
                @Nullable Reply reply = refused.get(recipients.get(i));
                if (reply != null) {
                    transitions.add(new Transition(i, RecipientState.FAILED, false, null, null, reply));
                }
            }
            return new Changed(new Prepared(prefix, replaced ? recipients : null, hooks), transitions);
        }
    }

    /**
     * Takes back what the hooks did, in reverse order, as far as they are present; what they throw is the caller's.
     *
     * @param hooks names of those that ran
     * @param message the message
     * @param snapshot what is present
     */
    public static void undo(List<String> hooks, SpoolId message, Snapshot snapshot) {
        for (int i = hooks.size() - 1; i >= 0; i--) {
            String name = hooks.get(i);
            snapshot.preProcessors().stream()
                    .filter(entry -> entry.name().equals(name))
                    .forEach(entry -> entry.hook().undo(message));
        }
    }
}
