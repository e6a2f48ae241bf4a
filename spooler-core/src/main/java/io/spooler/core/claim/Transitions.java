package io.spooler.core.claim;

import static io.spooler.RecipientState.CANCELLED;
import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.DELIVERED;
import static io.spooler.RecipientState.EXPIRED;
import static io.spooler.RecipientState.FAILED;
import static io.spooler.RecipientState.HELD;
import static io.spooler.RecipientState.OFFERED;
import static io.spooler.RecipientState.READY;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;

import io.spooler.RecipientState;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The legal transitions of a recipient. {@code ARCHITECTURE.md} says of each who makes it; a test compares the two. */
public final class Transitions {

    private static final Map<RecipientState, Set<RecipientState>> LEGAL = new EnumMap<>(RecipientState.class);

    static {
        Set<RecipientState> undecided = EnumSet.of(READY, OFFERED, WAITING, DEFERRED, HELD, FAILED, EXPIRED, CANCELLED);
        LEGAL.put(READY, undecided);
        LEGAL.put(WAITING, undecided);
        LEGAL.put(DEFERRED, undecided);
        LEGAL.put(OFFERED, EnumSet.of(READY, WAITING, DELIVERED, RELAYED, DEFERRED, FAILED, EXPIRED, CANCELLED));
        LEGAL.put(HELD, EnumSet.of(READY, HELD, EXPIRED, CANCELLED));
    }

    private Transitions() {}

    /**
     * What may follow a state.
     *
     * @param from the state
     * @return the states that may follow; empty for a final one
     */
    public static Set<RecipientState> from(RecipientState from) {
        return LEGAL.getOrDefault(from, Set.of());
    }

    static void check(RecipientState from, RecipientState to) {
        if (!from(from).contains(to)) {
            throw new IllegalStateException("illegal transition from " + from + " to " + to);
        }
    }
}
