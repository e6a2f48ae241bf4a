package io.spooler.core.report;

import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.store.Message;
import java.time.Duration;
import java.time.Instant;

/**
 * When a recipient is late, and that this is said once. No mark is kept: the first record made behind the time limit is
 * the one that brings the notice, and the ledger says durably when the last record was made.
 */
public final class Delay {

    private Delay() {}

    /**
     * Tells whether the next record of a recipient, made now, is the first behind the limit.
     *
     * @param message its message
     * @param before its present entry
     * @param delay the limit; zero for none
     * @param now the present time
     * @return true if it is late and that was not said yet
     */
    public static boolean isNew(Message message, RecipientStatus before, Duration delay, Instant now) {
        Instant notBefore = message.envelope().options().notBefore();
        Instant start = notBefore != null && notBefore.isAfter(message.submitted()) ? notBefore : message.submitted();
        Instant limit = start.plus(delay);
        return !delay.isZero() && !now.isBefore(limit) && before.changed().isBefore(limit);
    }

    /**
     * Tells whether a record of this state can bring the notice. What is held is an administrator's matter until it is
     * released.
     *
     * @param state the new state
     * @return true for READY, WAITING and DEFERRED
     */
    public static boolean concerns(RecipientState state) {
        return state == RecipientState.READY || state == RecipientState.WAITING || state == RecipientState.DEFERRED;
    }
}
