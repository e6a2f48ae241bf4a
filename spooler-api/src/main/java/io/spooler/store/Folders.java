package io.spooler.store;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.ContentSink;
import io.spooler.Mailboxes;
import io.spooler.Origins;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** The mailboxes of a store, with the way in. Any thread. */
@ConsumerType
public interface Folders extends Mailboxes {

    /**
     * Begins to receive a message.
     *
     * @return to be filed or closed by the caller
     * @throws SpoolException STORE_FULL or STORE_STOPPED
     */
    Incoming receive() throws SpoolException;

    /**
     * Begins to receive a message that is filed under a given id, as the sender's copy of a message (R48).
     *
     * @param id of the entry
     * @return to be filed or closed by the caller
     * @throws SpoolException STORE_FULL or STORE_STOPPED
     * @throws IllegalArgumentException if there is an entry with this id
     */
    Incoming receive(SpoolId id) throws SpoolException;

    /**
     * Where filed messages came from.
     *
     * @return any thread
     */
    Origins origins();

    /** A message that is being received; it exists once it is filed, and not before (R53). One thread at a time. */
    @ConsumerType
    interface Incoming extends ContentSink {

        /**
         * The id that the message will have.
         *
         * @return known from the start
         */
        SpoolId id();

        /**
         * What was written so far, for postprocessors. Nothing may be written afterwards.
         *
         * @return readable until the message is filed or closed
         * @throws IOException if the content cannot be read back
         */
        Content content() throws IOException;

        /**
         * Makes the message durable in a folder, which is made if it is missing.
         *
         * @param filing where to, and as what
         * @return completes with the entry when it is on stable storage, on a thread of the store that must not be
         *     blocked; or exceptionally with a {@link SpoolException}: then nothing was filed
         */
        default CompletionStage<Mailboxes.Entry> file(Filing filing) {
            return file(filing, null);
        }

        /**
         * As {@link #file(Filing)}, and remembers in the same step where the message came from.
         *
         * @param filing where to, and as what
         * @param origin where from, or null if that is not to be remembered
         * @return as above; exceptionally with KNOWN if this origin is remembered already, durably, with NOT_NOW if a message
         *     of it is just being filed, and with STORE_FULL if too many are
         */
        CompletionStage<Mailboxes.Entry> file(Filing filing, Origins.@Nullable Origin origin);
    }

    /**
     * Where a received message goes.
     *
     * @param mailbox whose: 1 to 255 characters, opaque, never a path; kept as first written, compared without case
     * @param folder where, likewise
     * @param messageClass dotted type name
     * @param sender the reverse path, or null
     * @param flags first flags
     */
    record Filing(
            String mailbox,
            String folder,
            String messageClass,
            @Nullable Address sender,
            Set<String> flags) {

        private static final int MAX_NAME = 255;

        /**
         * Checks.
         *
         * @throws IllegalArgumentException if a name is empty, too long or holds control characters
         */
        public Filing {
            check("mailbox", mailbox);
            check("folder", folder);
            check("message class", messageClass);
            flags = Set.copyOf(flags);
        }

        private static void check(String what, String name) {
            if (name.isEmpty() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(what + " must have 1 to 255 characters and no control characters");
            }
        }
    }
}
