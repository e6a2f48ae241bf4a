package io.spooler.admin;

import io.spooler.Address;
import io.spooler.MessageStatus;
import io.spooler.SpoolId;
import io.spooler.store.QueueFilter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Everything an administrator does. Any thread; the bulk operations block for a group commit per message. Count with
 * {@link #query} first: that is the preview.
 */
@ProviderType
public interface SpoolAdmin {

    /**
     * Browses the queue, all stores, in order of submission. Recipients that a transport is working on are shown as
     * OFFERED.
     *
     * @param filter messages of which at least one recipient matches
     * @param after only messages with a larger id, or null for the beginning
     * @param limit at most so many
     * @return ledgers
     */
    List<MessageStatus> query(QueueFilter filter, @Nullable SpoolId after, int limit);

    /**
     * Why a message is where it is: for each recipient what was tried, what was said, what it waits for, when next.
     *
     * @param id the message
     * @return one explanation per recipient, or empty if the id is unknown
     */
    Optional<List<Explanation>> why(SpoolId id);

    /**
     * The route of an address, as it would be taken now; nothing is sent.
     *
     * @param address any address
     * @return the transports in the order in which they would be asked; empty if nobody carries it
     */
    List<Hop> route(Address address);

    /**
     * Holds what matches: no attempt until released.
     *
     * @param filter whom, or {@link QueueFilter#ALL}
     * @param id only this message, or null
     * @return recipients held
     */
    int hold(QueueFilter filter, @Nullable SpoolId id);

    /**
     * Ends a hold.
     *
     * @param filter whom
     * @param id only this message, or null
     * @return recipients released
     */
    int release(QueueFilter filter, @Nullable SpoolId id);

    /**
     * Makes deferred and waiting recipients due now.
     *
     * @param filter whom
     * @param id only this message, or null
     * @return recipients that are due now
     */
    int retry(QueueFilter filter, @Nullable SpoolId id);

    /**
     * Cancels what is not final; nobody is told.
     *
     * @param filter whom
     * @param id only this message, or null
     * @return recipients cancelled
     */
    int cancel(QueueFilter filter, @Nullable SpoolId id);

    /**
     * Makes everything deferred due now, and forgets the back-off of lanes (R66). What waits for a transport goes on waiting,
     * with its deadline.
     */
    void flush();

    /**
     * How the whole is.
     *
     * @return a snapshot
     */
    SpoolStatus status();

    /**
     * One transport of a route.
     *
     * @param transport its name
     * @param rule why it is on the route: {@code explicit}, {@code pattern P}, {@code type T} or {@code any type}
     * @param lane the destination in that transport
     */
    record Hop(String transport, String rule, String lane) {}

    /**
     * Why one recipient is where it is.
     *
     * @param recipient whom, as text
     * @param text one or more sentences
     */
    record Explanation(String recipient, String text) {}
}
