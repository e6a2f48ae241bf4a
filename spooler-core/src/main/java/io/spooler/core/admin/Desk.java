package io.spooler.core.admin;

import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.Spooler.Cancellation;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.claim.Pump;
import io.spooler.core.claim.Window;
import io.spooler.core.complete.Settler;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.store.Message;
import io.spooler.store.Settlement.Transition;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes to single messages from outside: claims the message if it is free, records, gives it back. What a hook or a
 * transport works on is left alone. The methods may be called on any thread and complete on the loop.
 */
public final class Desk {

    private final Loop loop;
    private final Clock clock;
    private final Window window;
    private final Pump pump;
    private final Settler settler;
    private final Supplier<Snapshot> present;

    /**
     * Assigns.
     *
     * @param loop runs the work
     * @param clock the time
     * @param window what is in work
     * @param pump claims
     * @param settler records
     * @param present what is present
     */
    public Desk(Loop loop, Clock clock, Window window, Pump pump, Settler settler, Supplier<Snapshot> present) {
        this.loop = loop;
        this.clock = clock;
        this.window = window;
        this.pump = pump;
        this.settler = settler;
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
     * Cancels what is not final.
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
                return CompletableFuture.completedFuture(Cancellation.IN_PROGRESS);
            }
            return change(held, status -> true, RecipientState.CANCELLED)
                    .thenApply(count -> count == 0 ? Cancellation.NOT_QUEUED : Cancellation.CANCELLED);
        });
    }

    /**
     * Gives recipients of one message a new state.
     *
     * @param id which message
     * @param which recipients
     * @param state HELD, READY (due now) or CANCELLED
     * @return completes with the number of recipients when it is recorded; 0 if the message is unknown or busy
     */
    public CompletableFuture<Integer> change(SpoolId id, Predicate<RecipientStatus> which, RecipientState state) {
        return loop.follow(() -> {
            Held held = hold(id);
            return held == null || held.message.isBusy()
                    ? CompletableFuture.completedFuture(0)
                    : change(held, which, state);
        });
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
                .map(message -> new Held(message, false))
                .or(() -> pump.claim(id).map(message -> new Held(message, true)))
                .orElse(null);
    }

    private CompletableFuture<Integer> change(Held held, Predicate<RecipientStatus> which, RecipientState state) {
        ActiveMessage message = held.message;
        @Nullable Instant due = state == RecipientState.READY ? clock.instant() : null;
        List<Transition> transitions = new ArrayList<>();
        for (int number : message.open()) {
            if (which.test(message.recipient(number))) {
                transitions.add(new Transition(number, state, false, due, null, null));
            }
        }
        CompletableFuture<Integer> done = new CompletableFuture<>();
        Runnable end = () -> {
            if (held.fresh) {
                giveBack(message);
            }
            pump.request();
            done.complete(transitions.size());
        };
        if (transitions.isEmpty()) {
            end.run();
        } else {
            settler.settle(message, transitions, end);
        }
        return done;
    }

    /** What was claimed for the change and not changed goes back. A message in line stays there, with its claim. */
    private void giveBack(ActiveMessage message) {
        if (!message.isFinal() && message.openCount() > 0 && !message.isDropped()) {
            window.drop(message);
            message.store().store().release(message.claim());
        }
    }
}
