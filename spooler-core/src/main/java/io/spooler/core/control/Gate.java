package io.spooler.core.control;

import io.spooler.admin.SpoolControl.Activity;
import io.spooler.admin.SpoolControl.Closed;
import io.spooler.admin.SpoolControl.Closing;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.claim.Window;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the core works: the five ways to close, and to open again (R69). One state after the other:
 *
 * <pre>
 * OPEN ── NO_WAIT, PURGE ──► DRAINING ── nothing due is left ──► FINISHING ── nothing is active ──► CLOSED
 *   └──── ABORT, QUIET, ORDERLY ─────────────────────────────────────┘
 * </pre>
 *
 * From each state {@link #open} leads back to OPEN; an order that is not carried out yet gives way to the next one. Runs on
 * the loop.
 */
public final class Gate {

    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final Clock clock;
    private final Supplier<Snapshot> present;
    private final Window window;
    private final Ready ready;
    private final Works works;
    private final Flushing flushing;
    private final Patience patience;
    private volatile State state = State.OPEN; // Changed on the loop only.
    private CompletableFuture<Closed> order = new CompletableFuture<>();

    private enum State {
        OPEN("working"),
        DRAINING("sends what is due, then closes"),
        FINISHING("finishes what is under way, then closes"),
        CLOSED("closed by order: what is accepted waits until it is opened");

        private final String text;

        State(String text) {
            this.text = text;
        }
    }

    /** What the gate lets work, and looks at. Called on the loop. */
    public interface Works {

        /** Nothing more begins on the way out; what is under way goes on. */
        void pause();

        /** No reception begins any more. Without effect a second time. */
        void closeInbound();

        /** Gives back what was claimed and is not under way. */
        void giveBack();

        /** Everything works again that was paused or closed. */
        void proceed();

        /**
         * Whether a message is coming in.
         *
         * @return true if so
         */
        boolean isReceiving();

        /**
         * Whether an outcome is on its way to a store.
         *
         * @return true if so
         */
        boolean isRecording();

        /** The state has changed. */
        void changed();
    }

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param present what is present
     * @param window what is in work
     * @param works what works
     * @param flushing flushes
     */
    public Gate(Loop loop, Clock clock, Supplier<Snapshot> present, Window window, Works works, Flushing flushing) {
        this.clock = clock;
        this.present = present;
        this.window = window;
        this.ready = new Ready(window, present);
        this.works = works;
        this.flushing = flushing;
        this.patience = new Patience(loop);
    }

    /**
     * Closes, or refuses to.
     *
     * @param how which way
     * @return completes with what came of it
     */
    public CompletionStage<Closed> close(Closing how) {
        if (state == State.CLOSED) {
            return CompletableFuture.completedFuture(new Closed(true, activities(), "it was closed before"));
        }
        boolean only = how == Closing.ABORT || how == Closing.QUIET;
        if (only && isActive()) {
            return CompletableFuture.completedFuture(
                    new Closed(false, activities(), how == Closing.QUIET ? "refused: " + words() : ""));
        }
        giveWay("another order to close came");
        return switch (how) {
            case NO_WAIT -> {
                drain();
                yield CompletableFuture.completedFuture(answer(true));
            }
            case PURGE -> purge();
            default -> {
                CompletableFuture<Closed> mine = order;
                finish();
                yield mine;
            }
        };
    }

    private void giveWay(String why) {
        CompletableFuture<Closed> former = order;
        order = new CompletableFuture<>();
        patience.end();
        former.complete(new Closed(false, activities(), why));
    }

    /** A flush that is running already will do. */
    private CompletableFuture<Closed> purge() {
        CompletableFuture<Closed> mine = order;
        enter(State.DRAINING);
        flushing.begin(present.get().transports()).thenRun(() -> {
            if (order == mine) {
                drain();
            }
        });
        return mine;
    }

    /** Only what is due at this moment: it ends, however much comes in. */
    private void drain() {
        enter(State.DRAINING);
        Instant begin = clock.instant();
        patience.begin(() -> {
            boolean over = !ready.isStored(begin) && !ready.isInWork(begin, List.of());
            if (over) {
                finish();
            }
            return over;
        });
    }

    private void finish() {
        enter(State.FINISHING);
        flushing.cancel();
        works.pause();
        if (!isOver()) {
            patience.begin(this::isOver);
        }
    }

    /** Out first: what is on its way into a mailbox of our own needs the door by which it comes in. */
    private boolean isOver() {
        if (isOutbound() || works.isRecording()) {
            return false;
        }
        works.closeInbound();
        if (works.isReceiving()) {
            return false;
        }
        works.giveBack();
        enter(State.CLOSED);
        order.complete(answer(true));
        return true;
    }

    /**
     * Everything goes on.
     *
     * @return false if it was open
     */
    public boolean open() {
        State before = state;
        if (before == State.OPEN) {
            return false;
        }
        giveWay("it was opened again");
        enter(State.OPEN);
        if (before != State.DRAINING) {
            works.giveBack();
            works.proceed();
        }
        return true;
    }

    /** The core ends. */
    public void end() {
        giveWay("the spooler has ended");
    }

    private void enter(State next) {
        if (state != next) {
            state = next;
            LOG.info("the spooler: {}", next.text);
            works.changed();
        }
    }

    /**
     * Whether what is due goes out. Any thread.
     *
     * @return false while it finishes, and while it is closed
     */
    public boolean isSending() {
        return state == State.OPEN || state == State.DRAINING;
    }

    private boolean isActive() {
        return isOutbound() || works.isReceiving();
    }

    private boolean isOutbound() {
        return window.any(ActiveMessage::isBusy);
    }

    private boolean isQueued() {
        Instant now = clock.instant();
        return ready.isStored(now)
                || window.any(message -> message.open().stream().anyMatch(message::isFree));
    }

    private Set<Activity> activities() {
        Set<Activity> found = EnumSet.noneOf(Activity.class);
        if (works.isReceiving()) {
            found.add(Activity.INBOUND_ACTIVE);
        }
        if (isOutbound()) {
            found.add(Activity.OUTBOUND_ACTIVE);
        }
        if (isQueued()) {
            found.add(Activity.OUTBOUND_QUEUED);
        }
        return found;
    }

    private Closed answer(boolean closed) {
        return new Closed(closed, activities(), words());
    }

    private String words() {
        List<String> words = new ArrayList<>();
        Set<Activity> found = activities();
        if (found.contains(Activity.INBOUND_ACTIVE)) {
            words.add("messages are coming in");
        }
        if (found.contains(Activity.OUTBOUND_ACTIVE)) {
            words.add("messages are under way");
        }
        if (found.contains(Activity.OUTBOUND_QUEUED)) {
            words.add("messages are due");
        }
        return words.isEmpty() ? "nothing is active" : String.join(", ", words);
    }

    /**
     * How the spooler is.
     *
     * @return FAILED without a store, OFFLINE while closed
     */
    public TransportStatus status() {
        if (present.get().stores().isEmpty()) {
            return new TransportStatus(Condition.FAILED, "no message store is present");
        }
        return new TransportStatus(state == State.CLOSED ? Condition.OFFLINE : Condition.AVAILABLE, state.text);
    }
}
