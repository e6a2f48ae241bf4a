package io.spooler.store.file.journal;

import java.io.IOException;
import java.nio.file.Path;

/** Told by {@link Recovery} of what it could not read: a start keeps it, a check only tells. Each may pass it over. */
public interface Finds {

    /** For one who has been told before. */
    Finds UNTOLD = new Finds() {};

    /**
     * Octets that are no record, and should be one.
     *
     * @param segment where
     * @param from first octet
     * @param to behind the last octet
     * @throws IOException ends the reading
     */
    default void damaged(Segment segment, long from, long to) throws IOException {}

    /**
     * A segment without a readable header; nothing in it is read.
     *
     * @param path of the segment
     * @param empty true if it never held anything: the process ended while it was made
     * @throws IOException ends the reading
     */
    default void nameless(Path path, boolean empty) throws IOException {}

    /**
     * Segments that should be between others, and are not there.
     *
     * @param first number of the first
     * @param last number of the last
     */
    default void missing(long first, long last) {}

    /**
     * Octets behind the last record: a write that the end of the process cut off, and nobody was told of.
     *
     * @param segment where
     * @param from first octet
     */
    default void torn(Segment segment, long from) {}

    /**
     * Numbers of segments are not used twice, even if a file of that name had to be moved away.
     *
     * @return the largest number of a segment that was moved away, or 0
     * @throws IOException if it cannot be found out
     */
    default long lastNumber() throws IOException {
        return 0;
    }

    /**
     * Everything was read.
     *
     * @param last the last segment
     * @param from where in it that begins which may not be durable
     * @throws IOException if the disk fails
     */
    default void last(Segment last, long from) throws IOException {}
}
