package io.spooler.store;

import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.MessageStatus;
import io.spooler.SpoolException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A store that has a transport of its own: it can do itself, in the commit that accepts a message, what that transport
 * would do later, and hands the spooler no more than the rest (R1, R2). Registered as a {@link MessageStore}; the core
 * looks whether it is one of these. Any thread.
 */
@ConsumerType
public interface CoupledStore extends MessageStore {

    /**
     * The transport that is the store's own. May change at any time. Does not block.
     *
     * @return its name; empty for none, and then nobody calls {@link #begin(Envelope, OwnPart)}
     */
    String transport();

    /**
     * Begins a message of which the store serves a part itself. With one commit the copies are filed, the recipients of
     * the part are DELIVERED in the ledger, after one attempt, and the others are READY as from
     * {@link MessageStore#begin}. If nobody is left, and {@link OwnPart#completion()} does not ask for it, the message
     * is finished at once and never in the queue; if only completion is left, it is in the queue, and not
     * {@link Message#prepared()}: by that the spooler knows that nobody has reported yet. In every other case it counts
     * as prepared, because nobody wanted to prepare it when a part of it was served.
     *
     * <p>A crash before the commit has completed may leave copies without their message, but never a ledger that speaks
     * of a copy which is not there. With an idempotency key that is known nothing is filed.
     *
     * @param envelope with at least one recipient
     * @param part whom the store serves, and how
     * @return the draft
     * @throws SpoolException NO_RECIPIENTS, TOO_MANY_RECIPIENTS, STORE_FULL or STORE_STOPPED
     * @throws IllegalArgumentException if the part names a recipient that does not exist, or one of them twice
     */
    Serving begin(Envelope envelope, OwnPart part) throws SpoolException;

    /** A message that is served when it is committed. One thread at a time. */
    @ConsumerType
    interface Serving extends Draft {

        /**
         * What came of it.
         *
         * @return once the stage of {@link #commit()} has completed normally; empty before that, and if the message was
         *     known by its idempotency key
         */
        Optional<Served> served();
    }

    /**
     * A message after its commit.
     *
     * @param status its ledger
     * @param copies what was filed, one for each placement, in their order
     */
    record Served(MessageStatus status, List<Mailboxes.Entry> copies) {

        /** Copies the list. */
        public Served {
            copies = List.copyOf(copies);
        }
    }
}
