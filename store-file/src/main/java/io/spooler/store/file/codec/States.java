package io.spooler.store.file.codec;

import io.spooler.RecipientState;
import java.util.Set;

/**
 * Recipient states as numbers of our own, in the journal and in the bits of the index: the order of the API's enum may
 * change, these numbers never.
 */
public final class States {

    /** One more than the largest number. */
    public static final int COUNT = 10;

    private States() {}

    /** The number of a state. */
    public static int number(RecipientState state) {
        return switch (state) {
            case READY -> 0;
            case WAITING -> 1;
            case DEFERRED -> 2;
            case HELD -> 3;
            case DELIVERED -> 4;
            case RELAYED -> 5;
            case FAILED -> 6;
            case EXPIRED -> 7;
            case CANCELLED -> 8;
            case OFFERED -> 9; // Volatile: never in a record.
        };
    }

    /** The state of a number. */
    public static RecipientState state(int number) {
        for (RecipientState state : RecipientState.values()) {
            if (number(state) == number) {
                return state;
            }
        }
        throw new IllegalArgumentException("no such state: " + number);
    }

    /** The bit of a state. */
    public static int bit(RecipientState state) {
        return 1 << number(state);
    }

    /** The bits of several states; all bits for none, as in a filter. */
    public static int bits(Set<RecipientState> states) {
        int bits = 0;
        for (RecipientState state : states) {
            bits |= bit(state);
        }
        return states.isEmpty() ? -1 : bits;
    }
}
