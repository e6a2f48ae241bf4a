package io.spooler;

import java.util.Collection;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a store remembers of messages where they came from, so that a transport which fetches them fetches none twice
 * (R53). An origin is remembered by the commit that files its message, in one step with it, and from then on until it is
 * forgotten, whatever becomes of the message: so nothing depends on whether the transport lived to hear of the commit.
 * Any thread.
 */
@ConsumerType
public interface Origins {

    /** So many are remembered of one source at most. */
    int MOST = 100_000;

    /**
     * Where a message came from. The names are opaque, and unique together: of source and id.
     *
     * @param source names the transport and its remote mailbox: 1 to 1 000 characters
     * @param id names the message there: 1 to 255 characters
     * @param print a trait by which the transport may know it again under another id, at most 255 characters, may be empty
     */
    record Origin(String source, String id, String print) {

        private static final int MAX_SOURCE = 1_000;
        private static final int MAX_NAME = 255;

        /**
         * Checks.
         *
         * @throws IllegalArgumentException if a name is empty or too long
         */
        public Origin {
            if (source.isEmpty() || source.length() > MAX_SOURCE || id.isEmpty() || id.length() > MAX_NAME) {
                throw new IllegalArgumentException("the source must have 1 to 1000 characters, the id 1 to 255");
            }
            if (print.length() > MAX_NAME) {
                throw new IllegalArgumentException("the print must have 255 characters at most");
            }
        }
    }

    /**
     * What is remembered of a source. Does not block for the disk.
     *
     * @param source its name
     * @return origins, in no order
     */
    List<Origin> of(String source);

    /**
     * Remembers an origin of which no message is filed; durable when the call returns. May block for the disk. One with
     * the same source and id is replaced.
     *
     * @param origin where it came from
     * @throws SpoolException STORE_FULL if {@link #MOST} are remembered already, STORE_STOPPED
     */
    void remember(Origin origin) throws SpoolException;

    /**
     * Forgets. What is filed later may have these origins again. After a loss of power they may be remembered still.
     *
     * @param source its name
     * @param ids of its messages; those that are not remembered are passed over
     * @throws SpoolException STORE_STOPPED
     */
    void forget(String source, Collection<String> ids) throws SpoolException;
}
