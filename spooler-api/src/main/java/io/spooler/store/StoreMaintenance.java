package io.spooler.store;

import io.spooler.Content;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a store may offer beside {@link MessageStore}, for administrators: look whether everything it holds is well,
 * give space back, take out a message or what was damaged. Register it with the same object and the same
 * {@link MessageStore#NAME}.
 *
 * <p>All methods may be called from any thread and at any time, also of a store that did not open; they block for the
 * disk, {@link #check} and {@link #compact} for minutes if much is stored. Progress is told on the calling thread, one
 * line for people at a time, perhaps many in a second; whatever it throws ends the work.
 */
@ConsumerType
public interface StoreMaintenance {

    /**
     * Reads everything and changes nothing. Clients go on working; what they write meanwhile is not looked at.
     *
     * @param progress is told how far it is
     * @return what was found; what cannot be read is a problem in it
     * @throws SpoolException STORE_STOPPED if the store is closed meanwhile
     * @throws IllegalStateException if a check or a compaction of this store is running already
     */
    StoreCheck check(Consumer<String> progress) throws SpoolException;

    /**
     * Gives back all space that is worth the work. Clients go on working.
     *
     * @param progress is told how far it is
     * @return what was given back
     * @throws SpoolException STORE_STOPPED if the store does not write; nothing is lost
     * @throws IOException if the disk fails
     * @throws IllegalStateException if a check or a compaction of this store is running already
     */
    Compaction compact(Consumer<String> progress) throws SpoolException, IOException;

    /**
     * What a compaction gave back.
     *
     * @param pieces files, or other units of the store, that went
     * @param before octets in use before it
     * @param after octets in use after it; more than before, perhaps, if clients were busy
     * @param text one line for people: why it could not do more; empty if it could
     */
    record Compaction(long pieces, long before, long after, String text) {}

    /**
     * The content of a message, as it would be delivered at present.
     *
     * @param id in the queue or in a mailbox
     * @return readable as long as the message is there; empty if it is not, or is finished
     * @throws SpoolException STORE_STOPPED if the store is not open
     */
    Optional<Content> content(SpoolId id) throws SpoolException;

    /**
     * What was damaged, and put aside so that the rest could be served.
     *
     * @return in order of name
     * @throws IOException if it cannot be read
     */
    List<Quarantined> quarantine() throws IOException;

    /**
     * Something that was put aside.
     *
     * @param name unique in its store; means nothing to anybody else
     * @param size octets
     * @param when it was put aside
     * @param text one line for people: what it is
     */
    record Quarantined(String name, long size, Instant when, String text) {}

    /**
     * The octets of something that was put aside, as they were found.
     *
     * @param name as listed; anything else is unknown
     * @return readable until it is dropped; empty if the name is unknown
     * @throws IOException if it cannot be read
     */
    Optional<Content> quarantined(String name) throws IOException;

    /**
     * Removes something that was put aside, for good.
     *
     * @param name as listed; anything else is unknown
     * @return false if the name is unknown
     * @throws IOException if it cannot be removed
     */
    boolean drop(String name) throws IOException;
}
