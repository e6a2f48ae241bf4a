package io.spooler;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one message: what became of each recipient.
 *
 * @param id the message
 * @param sender the reverse path, or null for the null reverse path
 * @param submitted when it was accepted
 * @param size octets of the accepted content
 * @param recipients one entry per recipient, in envelope order, as the preprocessors left it
 * @param complete true once every recipient is final and the message has left the queue
 */
public record MessageStatus(
        SpoolId id,
        @Nullable Address sender,
        Instant submitted,
        long size,
        List<RecipientStatus> recipients,
        boolean complete) {

    /** Copies the list. */
    public MessageStatus {
        recipients = List.copyOf(recipients);
    }
}
