package io.spooler.core.route;

import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.store.Message;
import io.spooler.store.Settlement.Transition;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a recipient goes to its next alternative: instead of failing for good, or once the time of the alternative has come.
 * It is READY again then, on another address, with its attempts begun anew; nobody is told before the last one has failed.
 * Pure functions.
 *
 * <p>Known limits: what is in line or under way when the time comes is not called back; the preprocessors do not run anew.
 */
public final class Alternatives {

    private Alternatives() {}

    /**
     * When the next alternative is used, whatever became of the present address.
     *
     * @param message the message
     * @param recipient one of its recipients
     * @return the time, or null if there is none
     */
    public static @Nullable Instant time(Message message, Recipient recipient) {
        Duration after = recipient.alternatives().isEmpty()
                ? null
                : recipient.alternatives().get(0).after();
        if (after == null) {
            return null;
        }
        Instant submitted = message.submitted();
        Instant notBefore = message.envelope().options().notBefore();
        return (notBefore != null && notBefore.isAfter(submitted) ? notBefore : submitted).plus(after);
    }

    /** The time of the next alternative has come. */
    static Planner.Note inTime(Recipient recipient, Instant now) {
        Reply reply = new Reply("4.4.7", recipient.address() + " was not reached in time; its alternative is tried");
        return new Planner.Note(RecipientState.READY, now, reply, recipient.atAlternative());
    }

    /**
     * What is to be recorded of a recipient that may have an alternative.
     *
     * @param message the message
     * @param before the recipient's present entry
     * @param t what happened
     * @param now the present time
     * @return the next alternative instead of a failure, or the same with a time that is not behind that of the alternative; a
     *     message that has expired ends with all its alternatives
     */
    public static Transition instead(Message message, RecipientStatus before, Transition t, Instant now) {
        Recipient recipient = before.recipient();
        if (recipient.alternatives().isEmpty() || t.renewed() != null) {
            return t;
        }
        if (t.state().isFailure()) {
            Instant expires = message.envelope().options().expires();
            return expires != null && !now.isBefore(expires)
                    ? t
                    : with(t, RecipientState.READY, now, recipient.atAlternative());
        }
        Instant time = t.state().isFinal() ? null : time(message, recipient);
        Instant due = t.due();
        return time == null || due == null || !time.isBefore(due)
                ? t
                : with(t, t.state(), time.isBefore(now) ? now : time, null);
    }

    private static Transition with(Transition t, RecipientState state, Instant due, @Nullable Recipient renewed) {
        return new Transition(t.recipient(), state, t.attempted(), due, t.transport(), t.reply(), renewed);
    }
}
