package io.spooler.core.complete;

import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolEvent;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.claim.Window;
import io.spooler.core.event.Events;
import io.spooler.core.loop.Loop;
import io.spooler.core.report.Reporter;
import io.spooler.core.route.Alternatives;
import io.spooler.store.Settlement;
import io.spooler.store.Settlement.Prepared;
import io.spooler.store.Settlement.Transition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records outcomes in the store, and completes a message once every recipient is final: report first, then the record,
 * then {@link Completion}, then the message leaves the queue (R48). Runs on the loop.
 */
public final class Settler {

    private static final Logger LOG = LoggerFactory.getLogger(Settler.class);
    private static final Duration REPORT_RETRY = Duration.ofMinutes(1);

    private final Loop loop;
    private final Clock clock;
    private final Window window;
    private final Events events;
    private final Reporter reporter;
    private final Completion completion;
    private int pending;
    private Runnable idle = () -> {};

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param window what is in work
     * @param events hears of changes
     * @param reporter tells senders
     * @param completion what comes between the last outcome and the completion
     */
    public Settler(Loop loop, Clock clock, Window window, Events events, Reporter reporter, Completion completion) {
        this.loop = loop;
        this.clock = clock;
        this.window = window;
        this.events = events;
        this.reporter = reporter;
        this.completion = completion;
    }

    /**
     * Records new states of recipients; one that fails and has an alternative goes to that instead.
     *
     * @param message in work
     * @param transitions what happened; at least one
     * @param done run on the loop, whatever happens, when the record is made or the message was dropped
     */
    public void settle(ActiveMessage message, List<Transition> transitions, Runnable done) {
        if (message.isCancelled()) {
            // Its sender wants no alternative either (R44).
            order(message, transitions, done);
            return;
        }
        Instant now = clock.instant();
        List<Transition> instead = new ArrayList<>(transitions.size());
        for (Transition t : transitions) {
            instead.add(Alternatives.instead(message.message(), message.recipient(t.recipient()), t, now));
        }
        order(message, instead, done);
    }

    /**
     * Records what an administrator wants, alternatives or not.
     *
     * @param message in work
     * @param transitions what happens; at least one
     * @param done as for {@link #settle}
     */
    public void order(ActiveMessage message, List<Transition> transitions, Runnable done) {
        pending++;
        report(message, transitions, () -> {
            pending--;
            done.run();
            whenIdle(idle);
        });
    }

    /**
     * Waits for what is being recorded.
     *
     * @param piece run once as soon as nothing is; at once if that is so. It takes the place of a former one
     */
    public void whenIdle(Runnable piece) {
        idle = pending == 0 ? () -> {} : piece;
        if (pending == 0) {
            piece.run();
        }
    }

    /**
     * Tells whether nothing is being recorded.
     *
     * @return true if so
     */
    public boolean isIdle() {
        return pending == 0;
    }

    private void report(ActiveMessage message, List<Transition> transitions, Runnable done) {
        Optional<CompletionStage<@Nullable Void>> report =
                holds(message) ? reporter.report(message, transitions) : Optional.empty();
        if (report.isEmpty()) {
            record(message, transitions, done);
            return;
        }
        message.withdraw(transitions);
        report.get()
                .whenComplete((nothing, error) -> loop.execute(
                        () -> record(message, error == null ? transitions : later(message, transitions, error), done)));
    }

    /** What cannot be recorded is not reported either: another claim will have its own outcome. */
    private boolean holds(ActiveMessage message) {
        return !message.isDropped() && clock.instant().isBefore(message.claim().until());
    }

    /**
     * A failure that cannot be reported is not recorded as final: the recipient is tried again, or stays held. What was
     * delivered is recorded all the same, since trying again would make a second copy: that report is lost.
     */
    private List<Transition> later(ActiveMessage message, List<Transition> transitions, Throwable error) {
        LOG.error("{}: a report could not be kept; failures stay open: {}", message.id(), error.toString());
        Instant due = clock.instant().plus(REPORT_RETRY);
        return transitions.stream()
                .map(t -> t.state().isFailure() ? later(message, t, due) : t)
                .toList();
    }

    private static Transition later(ActiveMessage message, Transition t, Instant due) {
        boolean held = message.recipient(t.recipient()).state() == RecipientState.HELD;
        return held
                ? new Transition(t.recipient(), RecipientState.HELD, false, null, null, null)
                : new Transition(t.recipient(), RecipientState.DEFERRED, t.attempted(), due, t.transport(), t.reply());
    }

    private void record(ActiveMessage message, List<Transition> transitions, Runnable done) {
        if (message.isDropped()) {
            done.run();
            return;
        }
        List<Integer> late = late(message, transitions);
        List<RecipientStatus> changed = message.apply(transitions, clock.instant());
        List<RecipientStatus> delayed = late.isEmpty()
                ? List.of()
                : late.stream().map(message::recipient).toList();
        Prepared mark = message.takeMark() ? new Prepared("", null, List.of()) : null;
        boolean last = message.isFinal();
        boolean complete = last && !completion.isNeeded(message);
        message.settle(new Settlement(mark, transitions, complete))
                .whenComplete((nothing, error) -> loop.execute(() -> {
                    recorded(message, changed, complete, last, error);
                    if (error == null) {
                        delayed.forEach(entry -> delayed(message, entry));
                    }
                    done.run();
                }));
    }

    private void recorded(
            ActiveMessage message,
            List<RecipientStatus> changed,
            boolean complete,
            boolean last,
            @Nullable Throwable error) {
        if (error != null) {
            LOG.error("{}: outcome not recorded, tried again later: {}", message.id(), error.toString());
            window.drop(message);
        } else {
            changed.forEach(entry -> tell(message, entry));
            if (complete) {
                finish(message);
            } else if (last) {
                complete(message);
            } else if (message.openCount() == 0) {
                window.remove(message);
            }
        }
    }

    /** Numbers of the recipients that become late. */
    private List<Integer> late(ActiveMessage message, List<Transition> transitions) {
        Instant now = clock.instant();
        List<Integer> late = new ArrayList<>(0);
        for (Transition t : transitions) {
            if (reporter.isLate(message, t, now)) {
                late.add(t.recipient());
            }
        }
        return late;
    }

    private void delayed(ActiveMessage message, RecipientStatus entry) {
        events.emit(new SpoolEvent.Delayed(message.id(), clock.instant(), entry));
    }

    /**
     * Completes a message all of whose recipients are final.
     *
     * @param message in work
     */
    public void complete(ActiveMessage message) {
        Optional<CompletionStage<@Nullable Void>> report =
                message.message().prepared() ? Optional.empty() : reporter.report(message, served(message));
        if (report.isEmpty()) {
            completion.run(message, () -> close(message));
            return;
        }
        report.get()
                .whenComplete((nothing, error) -> loop.execute(() -> {
                    if (error != null) {
                        LOG.error("{}: a report could not be kept and is lost: {}", message.id(), error.toString());
                    }
                    completion.run(message, () -> close(message));
                }));
    }

    /** Whom a store has served by itself, of a message that it hands over only to be completed: nobody has reported yet (R2). */
    private static List<Transition> served(ActiveMessage message) {
        List<Transition> served = new ArrayList<>();
        for (int i = 0; i < message.message().recipients().size(); i++) {
            if (message.recipient(i).state() == RecipientState.DELIVERED) {
                served.add(new Transition(i, RecipientState.DELIVERED, true, null, null, null));
            }
        }
        return served;
    }

    private void close(ActiveMessage message) {
        if (message.isDropped()) {
            return;
        }
        message.settle(new Settlement(null, List.of(), true))
                .whenComplete((nothing, error) -> loop.execute(() -> {
                    if (error == null) {
                        finish(message);
                    } else {
                        LOG.error("{}: completion not recorded, done again later: {}", message.id(), error.toString());
                        window.drop(message);
                    }
                }));
    }

    private void finish(ActiveMessage message) {
        window.remove(message);
        LOG.debug("{} complete", message.id());
        events.emit(new SpoolEvent.Completed(message.id(), clock.instant(), message.status(true)));
    }

    private void tell(ActiveMessage message, RecipientStatus entry) {
        LOG.info(
                "{} {} {}{}{}",
                message.id(),
                entry.recipient().address(),
                entry.state(),
                entry.transport() == null ? "" : " by " + entry.transport(),
                entry.reply() == null ? "" : ": " + entry.reply());
        events.emit(new SpoolEvent.Changed(message.id(), clock.instant(), entry));
    }
}
