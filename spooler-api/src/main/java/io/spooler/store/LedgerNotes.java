package io.spooler.store;

import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Of a {@link MessageStore} that can still write into a ledger when all is said and done: a report from elsewhere tells what became
 * of a message that was handed on. The core looks whether a store is one of these. Any thread.
 */
@ConsumerType
public interface LedgerNotes {

    /**
     * Replaces what was said last of a recipient that is final; nothing else changes, and no claim ends. Does not wait for the
     * disk: after a loss of power the ledger may be as it was before.
     *
     * @param id the message, queued or finished
     * @param recipient its number
     * @param reply what was said
     * @return false if the message is unknown, or that recipient does not exist or is not final, or it cannot be written now
     * @throws SpoolException STORE_STOPPED
     */
    boolean note(SpoolId id, int recipient, Reply reply) throws SpoolException;
}
