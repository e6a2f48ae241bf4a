package io.spooler.store;

import io.spooler.AddressPattern;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Selects recipients in the queue.
 *
 * @param states only these states; empty for all
 * @param patterns only addresses that match one of these; empty for all
 */
public record QueueFilter(Set<RecipientState> states, List<AddressPattern> patterns) {

    /** Everything. */
    public static final QueueFilter ALL = new QueueFilter(Set.of(), List.of());

    /** Copies. */
    public QueueFilter {
        states = states.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(states));
        patterns = List.copyOf(patterns);
    }

    /**
     * Tells whether a recipient is selected.
     *
     * @param status the ledger entry
     * @return true if state and address match
     */
    public boolean matches(RecipientStatus status) {
        return (states.isEmpty() || states.contains(status.state()))
                && (patterns.isEmpty()
                        || patterns.stream()
                                .anyMatch(p -> p.matches(status.recipient().address())));
    }
}
