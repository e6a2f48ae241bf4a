package io.spooler.core.deliver;

import io.spooler.RecipientState;
import io.spooler.Reply;
import io.spooler.core.lane.Task;
import io.spooler.store.Settlement.Transition;
import io.spooler.transport.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the outcomes of one consignment mean: new states, recipients to be offered to the next transport, and how far an
 * obstacle reaches.
 *
 * @param transitions new states
 * @param declined numbers of recipients that the transport did not want
 * @param obstacle the widest deferral of scope LANE or TRANSPORT, or null
 * @param reached true if the destination answered for at least one recipient
 */
record Outcomes(
        List<Transition> transitions, List<Integer> declined, Outcome.@Nullable Deferred obstacle, boolean reached) {

    /** Decides about one recipient that was deferred by itself. */
    interface Later {

        Transition of(int number, Outcome.Deferred deferred);
    }

    /**
     * Reads outcomes.
     *
     * @param task which consignment
     * @param outcomes what the transport said; null if it left without an answer
     * @param gone true if it had been asked to stop
     * @param later when to try again
     * @param now the present time
     * @return their meaning; recipients behind an obstacle have no transition yet
     */
    static Outcomes read(Task task, @Nullable List<Outcome> outcomes, boolean gone, Later later, Instant now) {
        Reading reading = new Reading(task, gone, later, now);
        for (int i = 0; i < task.recipients().size(); i++) {
            int number = task.recipients().get(i);
            if (outcomes == null) {
                reading.handBack(number, true, new Reply("4.4.2", "the transport left without an answer"));
            } else {
                reading.read(number, outcomes.get(i));
            }
        }
        return new Outcomes(reading.transitions, reading.declined, reading.obstacle, reading.reached);
    }

    /** The recipients behind an obstacle, which have no transition yet. */
    void behind(Task task, IntConsumer each) {
        if (task.recipients().size() > transitions.size() + declined.size()) {
            BitSet told = new BitSet();
            transitions.forEach(t -> told.set(t.recipient()));
            declined.forEach(told::set);
            task.recipients().stream().filter(number -> !told.get(number)).forEach(each::accept);
        }
    }

    private static final class Reading {

        private final Task task;
        private final boolean gone;
        private final Later later;
        private final Instant now;
        private final List<Transition> transitions = new ArrayList<>();
        private final List<Integer> declined = new ArrayList<>();
        private Outcome.@Nullable Deferred obstacle;
        private boolean reached;

        private Reading(Task task, boolean gone, Later later, Instant now) {
            this.task = task;
            this.gone = gone;
            this.later = later;
            this.now = now;
        }

        private void read(int number, Outcome outcome) {
            if (outcome instanceof Outcome.Delivered delivered) {
                last(number, RecipientState.DELIVERED, delivered.reply());
            } else if (outcome instanceof Outcome.Relayed relayed) {
                last(number, RecipientState.RELAYED, relayed.reply());
                if (relayed.reporting()) {
                    task.message().reportElsewhere(number);
                }
            } else if (outcome instanceof Outcome.Failed failed) {
                last(number, RecipientState.FAILED, failed.reply());
            } else if (outcome instanceof Outcome.Deferred deferred) {
                defer(number, deferred);
            } else if (gone) {
                handBack(number, false, null);
            } else {
                declined.add(number);
            }
        }

        private void last(int number, RecipientState state, Reply reply) {
            reached = true;
            transitions.add(
                    new Transition(number, state, true, null, task.transport().name(), reply));
        }

        private void defer(int number, Outcome.Deferred deferred) {
            boolean wide = deferred.scope() == Outcome.Scope.LANE || deferred.scope() == Outcome.Scope.TRANSPORT;
            if (gone && wide) {
                // It was stopped: no fault of the recipient, no attempt counted.
                handBack(number, false, null);
            } else if (wide) {
                if (obstacle == null || deferred.scope() == Outcome.Scope.TRANSPORT) {
                    obstacle = deferred;
                }
            } else {
                reached = true;
                transitions.add(later.of(number, deferred));
            }
        }

        private void handBack(int number, boolean attempted, @Nullable Reply reply) {
            transitions.add(new Transition(number, RecipientState.READY, attempted, now, null, reply));
        }
    }
}
