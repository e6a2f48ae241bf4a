package io.spooler.store.file.queue;

import io.spooler.store.file.journal.Journal.Found;

/**
 * Watches the records of filed messages go by, so that a message can be asked for its copies: they stand in front of it,
 * with nothing between, and in one segment. After a power loss the message may be there without them. One thread.
 */
final class Copies {

    private long end = -1;
    private int count;

    /** A whole record of a filed message. */
    void filed(Found found, long position) {
        count = position == end ? count + 1 : 1;
        end = position + found.size();
    }

    /** Says whether so many copies stand directly in front of a place. */
    boolean areInFrontOf(long position, int copies) {
        return copies == 0 || (position == end && count >= copies);
    }
}
