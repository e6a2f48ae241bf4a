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
     * calling thread (R5, R64); but lists among the recipients are expanded on it, and a store with a transport of its own
     * may have filed copies with the same commit (R2). Blocks for the source and for one group commit of the store. What is
     * refused is still the caller's, and may be submitted again (R6).
     *
     * @param envelope who to, and how
     * @param content writes the content, straight to the store
     * @return the id of the message; for a repeated idempotency key the id of the first
     * @throws SpoolException if the message was not accepted; then nothing remains of it
     */
    SpoolId submit(Envelope envelope, ContentSource content) throws SpoolException;

    /**
     * Begins a message whose content arrives piece by piece. Does not block, unless there is a list among the recipients:
     * then as long as the address books do.
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
     * Cancels what is not yet final (R15). A transport that works on it is asked to stop (R44): what it does not serve any
     * more is cancelled then. A message that names a mailbox for the sender's copy and of which nothing was sent becomes a
     * draft there, soon afterwards. Blocks for one group commit.
     *
     * @param id the message
     * @return what came of it
     */
    Cancellation cancel(SpoolId id);

    /**
     * Looks at what is queued (R14). Nothing of it can be changed.
     *
     * @param id the message
     * @return what was accepted; readable until the message is complete
     * @throws SpoolException IN_PROGRESS if a hook or a transport works on it (R13), NOT_FOUND if it is not in the queue
     */
    Content content(SpoolId id) throws SpoolException;

    /**
     * Sends a message again to those who did not get it, as a new message (R50): recipients that are FAILED, EXPIRED or
     * CANCELLED. Its content is unchanged, so that it shows all to whom the first one went. Blocks as {@link #submit} does.
     *
     * @param id the message, queued or complete, or the sender's copy of it
     * @return the id of the new message
     * @throws SpoolException NOT_FOUND, NO_RECIPIENTS if nobody is left, CONTENT_GONE if the message is complete and there
     *     is no copy of it, or what {@link #submit} throws
     */
    SpoolId resend(SpoolId id) throws SpoolException;

    /**
     * A report from elsewhere says what became of a recipient to whom this spooler has handed a message on. It becomes what was said
     * last in the ledger, in front of what was said before, and listeners hear {@link SpoolEvent.Reported}; the state stays what it is.
     * May block for the disk.
     *
     * @param id the message
     * @param recipient whose state is final
     * @param said by the report
     * @return false if there is no such recipient, or the ledger says so already, or its store cannot note it
     */
    boolean reported(SpoolId id, Address recipient, Reply said);

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
        /**
         * Unable to abort: a hook or a transport is working on some of it, or an outcome is being recorded. The others are
         * CANCELLED.
         */
        IN_PROGRESS,
        /** No such message in the queue; it has probably gone. */
        NOT_QUEUED
    }
}
