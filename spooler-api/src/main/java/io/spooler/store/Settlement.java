package io.spooler.store;

import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a claimed message: recorded as one, in this order.
 *
 * @param work what becomes of the work on the message, or null
 * @param prepared what the preprocessors changed, or null if they have not run in this settlement
 * @param transitions new states of recipients, numbered as the list is after {@code prepared}
 * @param complete true to take the message out of the queue; only if every recipient is then final. Its content may be
 *     removed, its ledger stays for the retention time
 */
public record Settlement(
        @Nullable Work work, @Nullable Prepared prepared, List<Transition> transitions, boolean complete) {

    /** Somebody else's code begins to work on the message, and nothing has happened yet. */
    public static final Settlement BEGINS = new Settlement(Work.BEGINS, null, List.of(), false);

    /** That work has ended without an outcome; the claim goes on. */
    public static final Settlement RESTS = new Settlement(Work.RESTS, null, List.of(), false);

    /** What a crash counts for: {@link Message#crashes()}. */
    public enum Work {
        /** Should the process end before the work rests or the claim ends, it counts. */
        BEGINS,
        /** It does not count any more. */
        RESTS
    }

    /** Copies the list. */
    public Settlement {
        transitions = List.copyOf(transitions);
    }

    /**
     * What came of work.
     *
     * @param prepared what the preprocessors changed, or null
     * @param transitions new states
     * @param complete true to take the message out of the queue
     */
    public Settlement(@Nullable Prepared prepared, List<Transition> transitions, boolean complete) {
        this(null, prepared, transitions, complete);
    }

    /**
     * New states and nothing else.
     *
     * @param transitions new states
     * @return the settlement
     */
    public static Settlement of(List<Transition> transitions) {
        return new Settlement(null, transitions, false);
    }

    /**
     * The result of preprocessing. Recorded at most once per message, before any attempt; afterwards all recipients of
     * the new list are lent under the same claim, as READY, if the list was replaced.
     *
     * @param prefix text (whole header lines) to put in front of the content, in UTF-8; empty for none
     * @param recipients the new recipients, or null if they stay
     * @param hooks names of the preprocessors that ran, in order
     */
    public record Prepared(String prefix, @Nullable List<Recipient> recipients, List<String> hooks) {

        /** Copies. */
        public Prepared {
            recipients = recipients == null ? null : List.copyOf(recipients);
            hooks = List.copyOf(hooks);
        }
    }

    /**
     * The new state of one recipient.
     *
     * @param recipient its number
     * @param state the new state; not OFFERED, which is volatile
     * @param attempted true if a transport was asked: counts an attempt
     * @param due when the state ends by itself (READY, DEFERRED: next attempt; WAITING: deadline), or null
     * @param transport name of the transport that was asked, or null to keep the former
     * @param reply what was said, or null to keep the former
     * @param renewed the recipient as it is from now on, with another explicit transport or address; null to keep it. With
     *     another address the attempts begin anew
     */
    public record Transition(
            int recipient,
            RecipientState state,
            boolean attempted,
            @Nullable Instant due,
            @Nullable String transport,
            @Nullable Reply reply,
            @Nullable Recipient renewed) {

        /**
         * Checks.
         *
         * @throws IllegalArgumentException for OFFERED, and where READY, DEFERRED or WAITING have no time
         */
        public Transition {
            boolean timed = state == RecipientState.READY
                    || state == RecipientState.DEFERRED
                    || state == RecipientState.WAITING;
            if (state == RecipientState.OFFERED || (timed && due == null)) {
                throw new IllegalArgumentException("no such transition: " + state + " due " + due);
            }
        }

        /**
         * A new state on the same route.
         *
         * @param recipient its number
         * @param state the new state; not OFFERED, which is volatile
         * @param attempted true if a transport was asked: counts an attempt
         * @param due when the state ends by itself, or null
         * @param transport name of the transport that was asked, or null to keep the former
         * @param reply what was said, or null to keep the former
         */
        public Transition(
                int recipient,
                RecipientState state,
                boolean attempted,
                @Nullable Instant due,
                @Nullable String transport,
                @Nullable Reply reply) {
            this(recipient, state, attempted, due, transport, reply, null);
        }

        /**
         * The recipient as it is recorded behind this.
         *
         * @param before as it was
         * @return the new form of it, if there is one
         */
        public Recipient recipient(Recipient before) {
            return renewed == null ? before : renewed;
        }

        /**
         * The attempts as they are recorded behind this.
         *
         * @param before the former entry
         * @return how often a transport was asked to carry it to its present address
         */
        public int attempts(RecipientStatus before) {
            boolean moved = renewed != null
                    && !renewed.address().equals(before.recipient().address());
            return moved ? 0 : before.attempts() + (attempted ? 1 : 0);
        }
    }

    /**
     * Tells whether there is nothing to record of the message itself.
     *
     * @return true if this says at most that work begins or rests
     */
    public boolean isEmpty() {
        return prepared == null && transitions.isEmpty() && !complete;
    }

    /**
     * Tells whether a recipient gets another explicit transport or address: then more than its state changes.
     *
     * @return true if so
     */
    public boolean renews() {
        for (Transition transition : transitions) {
            if (transition.renewed() != null) {
                return true;
            }
        }
        return false;
    }
}
