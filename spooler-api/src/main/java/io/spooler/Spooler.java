package io.spooler;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The client's door. The service is present whenever the core runs, whether or not a transport is; submitting needs a
 * store and nothing else. All methods may be called from any thread.
 */
@ProviderType
public interface Spooler {

    /**
     * Submits a message and waits until it is durable. No hook and no transport runs before this returns, nor on the
     * calling thread (R5, R64); a store with a transport of its own may have filed copies with the same commit (R2).
     * Blocks for the source and for one group commit of the store.
     *
     * @param envelope who to, and how
     * @param content writes the content, straight to the store
     * @return the id of the message; for a repeated idempotency key the id of the first
     * @throws SpoolException if the message was not accepted; then nothing remains of it
     */
    SpoolId submit(Envelope envelope, ContentSource content) throws SpoolException;

    /**
     * Begins a message whose content arrives piece by piece. Does not block.
     *
     * @param envelope who to, and how
     * @return to be committed or closed by the caller
     * @throws SpoolException if the envelope is refused or there is no store
     */
    Draft begin(Envelope envelope) throws SpoolException;

    /**
     * The ledger of a message, also for the retention time after completion.
     *
     * @param id the message
     * @return what became of each recipient, or empty if the id is unknown or forgotten
     */
    Optional<MessageStatus> find(SpoolId id);

    /**
     * Waits, without blocking, until every recipient is final.
     *
     * @param id the message
     * @return completes with the last ledger, or exceptionally with {@link SpoolException.Reason#NOT_FOUND}
     */
    CompletionStage<MessageStatus> await(SpoolId id);

    /**
     * Cancels what is not yet final (R15). Blocks for one group commit.
     *
     * @param id the message
     * @return what came of it
     */
    Cancellation cancel(SpoolId id);

    /**
     * The address types that transports handle now (R37).
     *
     * @return upper-case types; {@code *} if a transport takes every type
     */
    Set<String> addressTypes();

    /** The three answers to a cancellation (R13, R15). */
    enum Cancellation {
        /** Every recipient that was not final is CANCELLED. */
        CANCELLED,
        /** A transport is working on it: unable to abort. */
        IN_PROGRESS,
        /** No such message in the queue; it has probably gone. */
        NOT_QUEUED
    }
}
