package io.spooler.store;

import java.time.Instant;
import java.util.List;

/**
 * A message lent to one core for a time (reliability 1.8).
 *
 * @param message as it was when it was lent
 * @param due numbers of the lent recipients, ascending; empty if all are final and only completion is left
 * @param epoch grows with each claim of the store; settlements are valid only under the epoch of the present claim
 * @param until when the lease ends
 */
public record Claim(Message message, List<Integer> due, long epoch, Instant until) {

    /** Copies the list. */
    public Claim {
        due = List.copyOf(due);
    }
}
