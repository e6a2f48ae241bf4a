package io.spooler.core.admin;

import io.spooler.Content;
import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.Spooler.Cancellation;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.claim.Pump;
import io.spooler.core.claim.Window;
import io.spooler.core.complete.Settler;
import io.spooler.core.deliver.Delivery;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import io.spooler.store.Message;
import io.spooler.store.Settlement.Transition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes to single messages from outside: claims the message if it is free, records, gives it back. What a hook or a
 * transport works on is left alone. The methods may be called on any thread and complete on the loop.
 */
public final class Desk {

    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

    private final Loop loop;
    private final Window window;
    private final Pump pump;
    private final Settler settler;
    private final Delivery delivery;
    private final Supplier<Snapshot> present;

    /**
     * Assigns.
     *
     * @param loop runs the work
     * @param window what is in work
     * @param pump claims
     * @param settler records
     * @param delivery hears of what is cancelled
     * @param present what is present
     */
    public Desk(Loop loop, Window window, Pump pump, Settler settler, Delivery delivery, Supplier<Snapshot> present) {
        this.loop = loop;
        this.window = window;
        this.pump = pump;
        this.settler = settler;
        this.delivery = delivery;
        this.present = present;
    }

    /**
     * The ledger of a message as it is now, with OFFERED for what is under way.
     *
     * @param id which
     * @return completes with it, or empty
     */
    public CompletableFuture<Optional<MessageStatus>> find(SpoolId id) {
        return loop.call(() -> window.find(id)
                .map(message -> message.status(false))
                .or(() -> stored(id).map(Message::status)));
    }

    private Optional<Message> stored(SpoolId id) {
        return present.get().stores().stream()
                .map(entry -> entry.store().find(id))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * The record and the ledger of a message as it is now.
     *
     * @param message its record
     * @param status its ledger, with OFFERED for what is under way
     * @param declined service ids of the transports that did not want a recipient in this round, by its number
     */
    public record View(Message message, MessageStatus status, Map<Integer, Set<Long>> declined) {}

    /**
     * A message as it is now.
     *
     * @param id which
     * @return completes with it, or empty if it is unknown
     */
    public CompletableFuture<Optional<View>> view(SpoolId id) {
        return loop.call(() -> window.find(id)
                .map(active -> new View(active.message(), active.status(false), active.declined()))
                .or(() -> stored(id).map(message -> new View(message, message.status(), Map.of()))));
    }

    /**
     * The accepted content of a message in the queue.
     *
     * @param id which message
     * @return completes with it, or exceptionally with a {@link SpoolException}: IN_PROGRESS or NOT_FOUND
     */
    public CompletableFuture<Content> content(SpoolId id) {
        return loop.follow(() -> {
            Optional<ActiveMessage> active = window.find(id);
            if (active.isPresent() && active.get().isBusy()) {
                return CompletableFuture.failedFuture(
                        new SpoolException(Reason.IN_PROGRESS, id + " is being worked on; ask again later"));
            }
            return active.map(ActiveMessage::message)
                    .or(() -> stored(id))
                    .filter(message -> !message.complete())
                    .map(message -> CompletableFuture.completedFuture(message.accepted()))
                    .orElseGet(() -> CompletableFuture.failedFuture(
                            new SpoolException(Reason.NOT_FOUND, "no message in the queue has the id " + id)));
        });
    }

    /**
     * Cancels what is not final. What a hook or a transport works on is cancelled when it comes back unserved: the transport
     * is asked to stop.
     *
     * @param id which message
     * @return completes with the answer when it is recorded
     */
    public CompletableFuture<Cancellation> cancel(SpoolId id) {
        return loop.follow(() -> {
            Held held = hold(id);
            if (held == null) {
                return CompletableFuture.completedFuture(Cancellation.NOT_QUEUED);
            }
            if (held.message.isBusy()) {
                delivery.cancel(held.message);
            }
            return change(held, Edits.CANCEL).thenApply(Desk::answer);
        });
    }

    private static Cancellation answer(Changed changed) {
        if (changed.inWork() > 0) {
            return Cancellation.IN_PROGRESS;
        }
        return changed.before().isEmpty() ? Cancellation.NOT_QUEUED : Cancellation.CANCELLED;
    }

    /** Says what becomes of a recipient. Called on the loop, also for those that cannot be changed now. */
    @FunctionalInterface
    public interface Edit {

        /**
         * Decides.
         *
         * @param message the message
         * @param number the recipient's number
         * @param status its entry; OFFERED if a transport works on it
         * @return what is to be recorded, or null to leave it alone
         */
        @Nullable
        Transition edit(MessageStatus message, int number, RecipientStatus status);
    }

    /**
     * What became of an edit.
     *
     * @param id the message
     * @param before the former entries of the recipients that were changed, by their numbers
     * @param inWork how many would have been changed, but something works on them
     */
    public record Changed(SpoolId id, Map<Integer, RecipientStatus> before, int inWork) {

        /** Copies, in order. */
        public Changed {
            before = Collections.unmodifiableMap(new TreeMap<>(before));
        }
    }

    /**
     * Changes recipients of one message; those on which something works are left alone.
     *
     * @param id which message
     * @param edit says what becomes of each
     * @return completes when it is recorded; with nothing if the message is unknown or complete
     */
    public CompletableFuture<Changed> change(SpoolId id, Edit edit) {
        return loop.follow(() -> {
            Held held = hold(id);
            return held != null ? change(held, edit) : CompletableFuture.completedFuture(untouched(id, edit));
        });
    }

    /** Lent, but not to us: by a claim that was lost and whose lease has not ended. */
    private Changed untouched(SpoolId id, Edit edit) {
        int meant = stored(id)
                .filter(message -> !message.complete())
                .map(message -> meant(message.status(), edit).size())
                .orElse(0);
        return new Changed(id, Map.of(), meant);
    }

    private static List<Transition> meant(MessageStatus status, Edit edit) {
        List<Transition> transitions = new ArrayList<>();
        for (int i = 0; i < status.recipients().size(); i++) {
            Transition transition = edit.edit(status, i, status.recipients().get(i));
            if (transition != null) {
                transitions.add(transition);
            }
        }
        return transitions;
    }

    /**
     * A message under a claim.
     *
     * @param message which
     * @param fresh true if it was claimed for the change alone: nothing of it is in line
     */
    private record Held(ActiveMessage message, boolean fresh) {}

    private @Nullable Held hold(SpoolId id) {
        return window.find(id)
                .map(message -> {
                    pump.join(message);
                    return new Held(message, false);
                })
                .or(() -> pump.claim(id).map(message -> new Held(message, true)))
                .orElse(null);
    }

    private CompletableFuture<Changed> change(Held held, Edit edit) {
        ActiveMessage message = held.message;
        MessageStatus status = message.status(false);
        List<Transition> meant;
        try {
            meant = meant(status, edit);
        } catch (RuntimeException e) {
            pump.giveBack(message);
            throw e;
        }
        // With nothing lent any more, the claim ends with what is being recorded.
        boolean lent = held.fresh || message.openCount() > 0;
        List<Transition> transitions = meant.stream()
                .filter(t -> lent && message.isFree(t.recipient()))
                .toList();
        return record(held, status, transitions, meant.size() - transitions.size());
    }

    private CompletableFuture<Changed> record(
            Held held, MessageStatus before, List<Transition> transitions, int inWork) {
        CompletableFuture<Changed> done = new CompletableFuture<>();
        Runnable end = () -> {
            Map<Integer, RecipientStatus> changed = new HashMap<>();
            transitions.stream()
                    .filter(t -> !held.message.isDropped() && has(held.message, t))
                    .forEach(t -> changed.put(t.recipient(), before.recipients().get(t.recipient())));
            abortDeferred(held.message, changed);
            pump.giveBack(held.message);
            done.complete(new Changed(before.id(), changed, inWork));
        };
        if (transitions.isEmpty()) {
            end.run();
            finish(held);
        } else {
            settler.order(held.message, transitions, end);
        }
        return done;
    }

    /** A transport that will say when it can go on needs not do so for what is cancelled. */
    private void abortDeferred(ActiveMessage message, Map<Integer, RecipientStatus> before) {
        Set<String> transports = new HashSet<>();
        before.forEach((number, status) -> {
            String transport = status.transport();
            boolean cancelled = message.recipient(number).state() == RecipientState.CANCELLED;
            if (cancelled && status.state() == RecipientState.DEFERRED && transport != null) {
                transports.add(transport);
            }
        });
        present.get().transports().stream()
                .filter(entry -> transports.contains(entry.name()))
                .forEach(entry -> abortDeferred(entry, message.id()));
    }

    private static void abortDeferred(TransportEntry transport, SpoolId message) {
        try {
            transport.provider().abortDeferred(message);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("{}: transport {} failed to forget it", message, transport.name(), e);
        }
    }

    /** False if something else was recorded in its place. */
    private static boolean has(ActiveMessage message, Transition t) {
        return message.recipient(t.recipient()).state() == t.state();
    }

    /** All recipients are final, but the message is not complete: nobody else would end the claim. */
    private void finish(Held held) {
        if (held.fresh && held.message.isFinal() && !held.message.isDropped()) {
            settler.complete(held.message);
        }
    }
}
