package io.spooler.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a look at everything in a store has found.
 *
 * @param segments files, or other units, that messages and mailboxes were read from
 * @param octets of those
 * @param records whole records in them by kind, in a fixed order
 * @param queued messages in the queue
 * @param finished messages whose ledger is still held
 * @param filed messages in mailboxes
 * @param contents the contents of messages
 * @param problems what is not well, at most {@link #MOST_PROBLEMS}
 * @param moreProblems how many more there are
 */
public record StoreCheck(
        long segments,
        long octets,
        Map<String, Long> records,
        long queued,
        long finished,
        long filed,
        Contents contents,
        List<Problem> problems,
        long moreProblems) {

    /** So many problems are told one by one. */
    public static final int MOST_PROBLEMS = 1000;

    /** Copies. */
    public StoreCheck {
        records = Collections.unmodifiableMap(new LinkedHashMap<>(records));
        problems = List.copyOf(problems);
    }

    /**
     * The contents of messages in the queue and in mailboxes. What is missing, cut or wrong is a problem each.
     *
     * @param read contents that were read to the end and are right
     * @param octets of those
     * @param missing that have no file
     * @param cut that are shorter or longer than they should be, or cannot be read
     * @param wrong whose octets are not those that were written
     * @param orphaned that belong to no message: of no use, and no loss
     */
    public record Contents(long read, long octets, long missing, long cut, long wrong, long orphaned) {}

    /**
     * Something that is not well.
     *
     * @param where a place in the store, or a message
     * @param what one line for people
     */
    public record Problem(String where, String what) {}

    /**
     * The result in one word.
     *
     * @return true if there is no problem at all
     */
    public boolean isWell() {
        return problems.isEmpty() && moreProblems == 0;
    }
}
