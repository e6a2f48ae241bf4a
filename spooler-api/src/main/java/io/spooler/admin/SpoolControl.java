package io.spooler.admin;

import io.spooler.admin.SpoolAdmin.Target;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What an administrator does to the running spooler. Any thread; nothing here waits for a transport but the stages that are
 * returned. Each order leaves one line in the log and one {@link io.spooler.SpoolEvent.Administered}.
 */
@ProviderType
public interface SpoolControl {

    /**
     * Lets nothing go to a transport, or to one of its lanes, until {@link #resume}. What is under way ends; what would be
     * tried is deferred, counts no attempt, and expires only at a limit of its sender. Holds for a transport that leaves and
     * comes back, and ends with the core.
     *
     * @param what is suspended, present or not
     * @param by who gives the order
     * @return false if it was suspended before
     * @throws IllegalStateException if a thousand others are suspended
     */
    boolean suspend(Target what, String by);

    /**
     * Ends a suspension, in the words in which it was given. What was deferred because of it is due at once.
     *
     * @param what was suspended
     * @param by who gives the order
     * @return false if it was not suspended
     */
    boolean resume(Target what, String by);

    /**
     * Asks transports to look whether their messaging systems can be reached (R67). Returns at once: what is found becomes the
     * status of the transport, its last success or last error. One that had failed and is found AVAILABLE is used again: its
     * destinations rest no more, and what waits for what it carries is routed anew. Nothing but this order lets a transport
     * look.
     *
     * @param transport its name; null for all
     * @param by who gives the order
     * @return names of those that look now, those that did so already included
     * @throws IllegalArgumentException if no transport of that name is present
     */
    List<String> validate(@Nullable String transport, String by);

    /**
     * Flushes one transport after the other in the order in which they are asked, outgoing before incoming (R66): its
     * destinations rest no more, what was deferred and may go by it is due now, and the next one follows when that has been
     * tried once, or after the time that a transport has for a consignment. What waits for a transport goes on waiting, and
     * suspensions and delivery windows hold. One flush at a time.
     *
     * @param transport its name; null for all
     * @param by who gives the order
     * @return completes when the flush has ended, at once with {@link Flush.State#BUSY} if another one is running
     * @throws IllegalArgumentException if no transport of that name is present
     */
    CompletionStage<Flush> flush(@Nullable String transport, String by);

    /**
     * How far a flush is. Does not block.
     *
     * @return the one that is running, or empty
     */
    Optional<Flush> flushing();

    /**
     * Ends a flush: no other transport is visited. What has become due stays due.
     *
     * @param by who gives the order
     * @return false if none was running
     */
    boolean cancelFlush(String by);

    /**
     * Ends deliveries and receptions (R69). Messages are accepted and kept all the same, and orders are taken. Holds until
     * {@link #open}, and ends with the core. A later order replaces one that is not carried out yet.
     *
     * @param how what may still happen before
     * @param by who gives the order
     * @return completes with what came of it: for NO_WAIT at once, for the others when it is refused or carried out
     */
    CompletionStage<Closed> close(Closing how, String by);

    /**
     * Takes {@link #close} back: everything goes on.
     *
     * @param by who gives the order
     * @return false if it was open
     */
    boolean open(String by);

    /** Ways to close. */
    enum Closing {
        /** If anything is active nothing is changed, and the flags alone say so. */
        ABORT,
        /** If anything is active it is refused, in words. */
        QUIET,
        /** What is under way is finished, nothing else begins. */
        ORDERLY,
        /** What is due now is sent, what comes in is finished; does not wait for that. */
        NO_WAIT,
        /** A flush first, then as NO_WAIT; waits until it is done. */
        PURGE
    }

    /** What goes on while somebody closes. */
    enum Activity {
        /** A message is coming in. */
        INBOUND_ACTIVE,
        /** A hook or a transport works on a message. */
        OUTBOUND_ACTIVE,
        /** A message is due and not under way. */
        OUTBOUND_QUEUED
    }

    /**
     * What came of an order to close.
     *
     * @param closed true if it is closed, or for NO_WAIT will be
     * @param activities what was active when this was answered
     * @param text the same in words; empty for ABORT
     */
    record Closed(boolean closed, Set<Activity> activities, String text) {

        /** Copies. */
        public Closed {
            activities = Set.copyOf(activities);
        }
    }

    /**
     * How far a flush is, or how it ended.
     *
     * @param state which
     * @param transport which is visited, or was last; null for none
     * @param inbound true if its incoming side is visited
     * @param visited how many transports were visited, this one included
     * @param transports how many there are to visit
     * @param woken how many recipients have become due
     * @param left how many recipients of this transport have not been tried yet, as far as they are in work
     */
    record Flush(
            State state,
            @Nullable String transport,
            boolean inbound,
            int visited,
            int transports,
            long woken,
            long left) {

        /** Where a flush is. */
        public enum State {
            /** It is running. */
            RUNNING,
            /** It has ended. */
            DONE,
            /** It was cancelled, or the core has ended. */
            CANCELLED,
            /** It did not begin: another one is running, or the spooler is closed. */
            BUSY
        }
    }
}
