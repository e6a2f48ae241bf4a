package io.spooler.store;

import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The durable queue and the folders. Register as a service; the core takes the one with the highest ranking for new
 * messages and serves the queues of all. Clients use {@link io.spooler.Spooler} and {@link io.spooler.Mailboxes}
 * (R17).
 *
 * <p>The whole queue is in the store; the core claims what is due and gives back outcomes. A recipient is <i>due</i>
 * when its {@code due} time is not in the future: READY and DEFERRED ones to be tried, WAITING ones whose deadline has
 * passed. HELD ones are never due. A message all of whose recipients are final, but which is not complete, is due at
 * once: a crash came before its completion.
 *
 * <p>All methods may be called from any thread and at any time, also after the service was unregistered: then they fail
 * with {@link SpoolException.Reason#STORE_STOPPED} or return nothing.
 */
@ConsumerType
public interface MessageStore {

    /** Service property: the name of the store, unique, for people. */
    String NAME = "spooler.store.name";

    /** Service property, Boolean: false for a store that is not for mail: the core never takes it (R12). Default true. */
    String MAIL = "spooler.mail";

    /**
     * Begins a message. Nothing is visible before the draft is committed.
     *
     * <p>Once committed each recipient is READY, due at the later of the time of submission and {@code notBefore}.
     *
     * @param envelope with at least one recipient
     * @return the draft; its id is larger than all before, so that the order of ids is the order of submission
     * @throws SpoolException NO_RECIPIENTS, TOO_MANY_RECIPIENTS, STORE_FULL or STORE_STOPPED
     */
    Draft begin(Envelope envelope) throws SpoolException;

    /**
     * Begins a new version of the content of a claimed message, as a preprocessor makes it. The accepted bytes are kept
     * until completion; once the draft is committed, {@link Message#content()} of later claims is the new version.
     *
     * @param claim a claim that holds
     * @return the draft; its id is that of the message
     * @throws SpoolException NOT_FOUND if the claim does not hold, STORE_FULL or STORE_STOPPED
     */
    Draft revise(Claim claim) throws SpoolException;

    /**
     * Lends due messages, the ones due longest first; equal due times in order of submission. A message that is lent is
     * not lent again until its claim ends, or that of the process: claims are not recorded.
     *
     * @param recipients stop once so many due recipients are lent; at least one message is lent if one is due
     * @param now the present time
     * @param lease the claim ends by itself after this time
     * @return claims, perhaps none
     */
    List<Claim> claim(int recipients, Instant now, Duration lease);

    /**
     * Lends one message whether or not it is due, for administration.
     *
     * @param id the message
     * @param now the present time
     * @param lease the claim ends by itself after this time
     * @return a claim on all recipients that are not final; empty if the message is unknown, complete, or lent already
     */
    Optional<Claim> claim(SpoolId id, Instant now, Duration lease);

    /**
     * Records outcomes. May be called several times for one claim. The claim ends when every lent recipient has had a
     * transition, unless all recipients of the message are final and {@link Settlement#complete()} is not set: then it
     * ends with the settlement that completes.
     *
     * <p>Settlements of one claim take effect in the order of the calls. Those that hold a final state or complete the
     * message are on stable storage when the stage completes (reliability 1.3); others may be written later, in order. That
     * work begins ({@link Settlement#BEGINS}) is handed to the operating system without delay, but not waited for.
     *
     * @param claim under which the work was done
     * @param settlement what happened
     * @return completes when recorded, on a thread of the store that must not be blocked; exceptionally with
     *     {@link SpoolException}: NOT_FOUND if the claim does not hold any more (nothing is recorded), STORE_STOPPED if
     *     it could not be recorded; or with an IllegalArgumentException for a settlement that makes no sense (OFFERED, a
     *     number out of range, complete with an open recipient, prepared twice): nothing is recorded
     */
    CompletionStage<@Nullable Void> settle(Claim claim, Settlement settlement);

    /**
     * Gives back what was not settled; no attempt is counted. Without effect if the claim does not hold any more.
     *
     * @param claim the claim
     */
    void release(Claim claim);

    /**
     * Makes recipients due at once: WAITING and DEFERRED ones that match. They appear as READY, due since their
     * submission, so that they keep its order. Not durable: after a restart they are what they were, and a WAITING
     * recipient waits for a wake again. Claimed messages are woken when their claim ends.
     *
     * @param filter whom
     * @return how many
     */
    int wake(QueueFilter filter);

    /**
     * When something that is not claimed becomes due next. The end of a lease is not looked at: a core that has lost a
     * claim has to ask again by itself.
     *
     * @return the time, perhaps in the past; empty if nothing ever will by itself
     */
    Optional<Instant> nextDue();

    /**
     * Looks a message up, queued or finished.
     *
     * @param id the message
     * @return its record; for a finished message, until its retention ends, with empty content
     */
    Optional<Message> find(SpoolId id);

    /**
     * Browses the queue in order of submission. Claimed messages are included; recipients that are lent are shown with
     * the state they had before. Sees each message at most once; one that comes or goes meanwhile may be missed.
     *
     * @param filter messages of which at least one recipient matches
     * @param after only messages with a larger id, or null for the beginning
     * @param limit at most so many
     * @return ledgers
     */
    List<MessageStatus> query(QueueFilter filter, @Nullable SpoolId after, int limit);

    /**
     * The mailboxes of this store.
     *
     * @return always the same object
     */
    Folders folders();

    /**
     * How the store is. Does not block.
     *
     * @return a snapshot
     */
    StoreStatus status();
}
