package io.spooler.hook;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.SpoolId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a preprocessor sees.
 *
 * @param id the message
 * @param submitted when it was accepted
 * @param sender the reverse path, or null
 * @param options what the sender asked for
 * @param recipients as the hooks before left them
 * @param content as the hooks before left it; readable until {@code process} returns
 */
public record OutgoingMessage(
        SpoolId id,
        Instant submitted,
        @Nullable Address sender,
        Envelope.Options options,
        List<Recipient> recipients,
        Content content) {

    /** Copies the list. */
    public OutgoingMessage {
        recipients = List.copyOf(recipients);
    }
}
