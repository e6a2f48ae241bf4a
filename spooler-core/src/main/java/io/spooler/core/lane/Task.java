package io.spooler.core.lane;

import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.registry.TransportEntry;
import java.util.List;

/**
 * One consignment to be: a message for its open recipients of one lane.
 *
 * @param message which
 * @param recipients their numbers
 * @param transport who carries it
 * @param lane where to
 */
public record Task(ActiveMessage message, List<Integer> recipients, TransportEntry transport, String lane) {

    /** Whether anything is left to be sent: what stands in line may be cancelled, or come again under another claim. */
    boolean isAlive() {
        if (!message.isDropped()) {
            for (int number : recipients) {
                if (message.isOpen(number)) {
                    return true;
                }
            }
        }
        return false;
    }
}
