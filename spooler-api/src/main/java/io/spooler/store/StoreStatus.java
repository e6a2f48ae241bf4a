package io.spooler.store;

import io.spooler.RecipientState;
import java.util.Map;

/**
 * How a store is.
 *
 * @param condition whether it takes and gives messages
 * @param text one line for people; says the cure unless all is well
 * @param messages messages in the queue, not counting complete ones
 * @param recipients recipients of those, by state; states without any may be missing
 */
public record StoreStatus(Condition condition, String text, long messages, Map<RecipientState, Long> recipients) {

    /** Whether a store takes and gives messages. */
    public enum Condition {
        /** All is well. */
        AVAILABLE,
        /** Gives but does not take: no room. */
        FULL,
        /** Neither takes nor gives, until an administrator acts. */
        FAILED
    }

    /** Copies the map. */
    public StoreStatus {
        recipients = Map.copyOf(recipients);
    }
}
