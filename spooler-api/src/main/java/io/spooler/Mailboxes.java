package io.spooler;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reading what has arrived. The core publishes it as a service over the default store. All methods may be called from
 * any thread and may block for the disk.
 */
@ConsumerType
public interface Mailboxes {

    /** The folder that new mail goes to unless something else is set (R54). */
    String INBOX = "INBOX";

    /** The folder of a sender's copy that is neither to be filed elsewhere nor to be deleted (R48). */
    String OUTBOX = "Outbox";

    /** The folder of what was cancelled before anything of it was sent (R15). */
    String DRAFTS = "Drafts";

    /** The folder of messages for which a postprocessor failed; one of their flags begins with {@link #REASON}. */
    String QUARANTINE = "Quarantine";

    /** How the flag begins that says why a message is in quarantine. */
    String REASON = "reason: ";

    /**
     * How the flag begins that says where the rest of a message is of which only the header is here (R58). A client orders by
     * further flags what becomes of it at the next flush of its transport: {@link #DOWNLOAD}, {@code \Deleted}, or both to
     * move it here; until then it cancels an order by taking the flag away.
     */
    String REMOTE = "remote: ";

    /** The flag that orders the rest of a message of which only the header is here. */
    String DOWNLOAD = "download";

    /**
     * The mailboxes that hold or held a message.
     *
     * @return names, sorted
     */
    List<String> mailboxes();

    /**
     * The folders of a mailbox.
     *
     * @param mailbox name, compared without regard to case
     * @return name and number of messages, in order of the names; empty if there is no such mailbox
     */
    SortedMap<String, Integer> folders(String mailbox);

    /**
     * Whether there is a mailbox.
     *
     * @param mailbox name, compared without regard to case
     * @return true if it holds or held a message
     * @throws SpoolException if that cannot be said now
     */
    default boolean exists(String mailbox) throws SpoolException {
        return !folders(mailbox).isEmpty();
    }

    /**
     * The feed: what is in all folders of all mailboxes, in the order in which it was filed. A message is visible only
     * after all with a smaller sequence, so a client that asks again and again, each time behind the last one it has seen,
     * sees each message once, in order, whatever was restarted meanwhile; but for those that were deleted before it asked.
     *
     * @param sequence only entries with a larger one; 0 for all
     * @param limit at most so many
     * @return entries as they are now
     */
    List<Entry> since(long sequence, int limit);

    /**
     * Where the feed ends at present.
     *
     * @return the sequence of the last visible message, or 0 if there is none
     */
    long sequence();

    /**
     * The messages of a folder, oldest first.
     *
     * @param mailbox name, compared without regard to case
     * @param folder name, compared without regard to case
     * @param after only entries with a larger sequence number
     * @param limit at most so many
     * @return entries; empty if there is no such folder
     */
    List<Entry> list(String mailbox, String folder, long after, int limit);

    /**
     * Finds one filed message.
     *
     * @param id the filed message
     * @return its entry, or empty
     */
    Optional<Entry> entry(SpoolId id);

    /**
     * Opens the content of a filed message.
     *
     * @param id the filed message
     * @return its content, or empty if there is no such message
     */
    Optional<Content> content(SpoolId id);

    /**
     * Replaces the flags of a message; durable when the call returns.
     *
     * @param id the filed message
     * @param flags for example {@code \Seen}
     * @return false if there is no such message
     * @throws SpoolException if the change could not be kept
     */
    boolean mark(SpoolId id, Set<String> flags) throws SpoolException;

    /**
     * Moves a message to another folder of its mailbox; durable when the call returns.
     *
     * @param id the filed message
     * @param folder where to
     * @return false if there is no such message
     * @throws SpoolException if the change could not be kept
     */
    boolean move(SpoolId id, String folder) throws SpoolException;

    /**
     * Removes a message; durable when the call returns.
     *
     * @param id the filed message
     * @return false if there is no such message
     * @throws SpoolException if the change could not be kept
     */
    boolean delete(SpoolId id) throws SpoolException;

    /**
     * What became of a message that came in (R26).
     *
     * @param id the message, as the log or an event names it
     * @return its end: of the last ten thousand, until the core ends; of others, as far as their place tells it
     */
    default Optional<Fate> fate(SpoolId id) {
        return entry(id).map(Fate::of);
    }

    /**
     * One filed message.
     *
     * @param id its own id, not that of the message that was sent; of a sender's copy {@link SpoolId#sentCopy}
     * @param mailbox whose
     * @param folder where
     * @param messageClass dotted type name, at most 255 characters (R54)
     * @param sender the reverse path it came with, or null
     * @param received when it was filed
     * @param size octets
     * @param flags as set
     * @param sequence grows by filing, per store
     */
    record Entry(
            SpoolId id,
            String mailbox,
            String folder,
            String messageClass,
            @Nullable Address sender,
            Instant received,
            long size,
            Set<String> flags,
            long sequence) {

        /** Copies the flags. */
        public Entry {
            flags = Set.copyOf(flags);
        }
    }
}
