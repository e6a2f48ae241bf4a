package io.spooler.store;

import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import java.time.Instant;
import java.util.List;

/**
 * The durable record of one message.
 *
 * @param id the message
 * @param envelope as accepted: its recipients are the sender's, before any preprocessor
 * @param submitted when it was accepted
 * @param size octets of the accepted content; kept when the content itself is gone because the message is complete
 * @param accepted the accepted bytes, which never change
 * @param content what transports carry: {@code accepted}, or a preprocessor's newer version, with its prefix in front
 * @param recipients the ledger; the index in this list is the recipient's number in claims and settlements
 * @param prepared true once the preprocessors have run
 * @param hooks names of the preprocessors that ran, in order, for undo (R20)
 * @param crashes how often in a row the process ended while work on the message was under way: since such work last came to
 *     the end of its claim, or the message was held
 * @param complete true once it has left the queue
 */
public record Message(
        SpoolId id,
        Envelope envelope,
        Instant submitted,
        long size,
        Content accepted,
        Content content,
        List<RecipientStatus> recipients,
        boolean prepared,
        List<String> hooks,
        int crashes,
        boolean complete) {

    /** Copies the lists. */
    public Message {
        recipients = List.copyOf(recipients);
        hooks = List.copyOf(hooks);
    }

    /**
     * The ledger for clients.
     *
     * @return the same facts without content
     */
    public MessageStatus status() {
        return new MessageStatus(id, envelope.sender(), submitted, size, recipients, complete);
    }

    /**
     * Tells whether nothing is left to be delivered.
     *
     * @return true if every recipient is final
     */
    public boolean isFinal() {
        for (RecipientStatus status : recipients) {
            if (!status.state().isFinal()) {
                return false;
            }
        }
        return true;
    }
}
