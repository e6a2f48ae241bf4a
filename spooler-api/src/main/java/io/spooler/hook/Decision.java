package io.spooler.hook;

import io.spooler.ContentSource;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Reply;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a preprocessor wants done with a message. */
public sealed interface Decision {

    /** Nothing to change. */
    Decision CONTINUE = new Continue();

    /** Nothing to change. */
    record Continue() implements Decision {}

    /** Remove the message without a word: no transport, no report (R22). */
    record Discard() implements Decision {}

    /**
     * Change the message.
     *
     * @param header text to put in front of the content, in UTF-8: whole header lines, each ended by CRLF; empty for none
     * @param content writes a new content, or null to keep it
     * @param recipients the recipients from here on, or null to keep them
     * @param refused recipients, of the present ones, that cannot be delivered, and why: reported, offered to nobody
     * @param extra further messages to send (R21)
     */
    record Change(
            String header,
            @Nullable ContentSource content,
            @Nullable List<Recipient> recipients,
            Map<Recipient, Reply> refused,
            List<Extra> extra)
            implements Decision {

        /** Copies. */
        public Change {
            recipients = recipients == null ? null : List.copyOf(recipients);
            refused = Map.copyOf(refused);
            extra = List.copyOf(extra);
        }

        /**
         * Puts header lines in front.
         *
         * @param lines whole lines, each ended by CRLF
         * @return the change
         */
        public static Change prepend(String lines) {
            return new Change(lines, null, null, Map.of(), List.of());
        }

        /**
         * Replaces the recipients.
         *
         * @param recipients the recipients from here on
         * @return the change
         */
        public static Change recipients(List<Recipient> recipients) {
            return new Change("", null, recipients, Map.of(), List.of());
        }
    }

    /**
     * A further message.
     *
     * @param envelope who to
     * @param content writes the content
     */
    record Extra(Envelope envelope, ContentSource content) {}
}
