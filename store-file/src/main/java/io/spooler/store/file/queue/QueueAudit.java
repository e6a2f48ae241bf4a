package io.spooler.store.file.queue;

import io.spooler.store.file.content.ContentUse;
import io.spooler.store.file.journal.Journal.Found;

/** Reads the records of the queue for a check: whether they make sense, and which contents they need. Pure. */
public final class QueueAudit {

    private QueueAudit() {}

    /**
     * Reads one record.
     *
     * @param found valid during the call
     * @param use told what it says of contents
     * @return its kind as {@code FORMAT.md} names it, or empty if it is none of the queue's
     * @throws RuntimeException if it makes no sense
     */
    public static String read(Found found, ContentUse use) {
        switch (found.type()) {
            case Records.MESSAGE -> {
                message(Records.message(found).stored(), use);
                return "MESSAGE";
            }
            case Records.STATE -> {
                State state = Records.state(found, null);
                use.revised(Records.id(found), state.revised());
                return "STATE";
            }
            case Records.DELTA -> {
                Records.delta(found);
                return "DELTA";
            }
            case Records.BEGUN -> {
                Records.ids(found);
                return "BEGUN";
            }
            case Records.RELEASE -> {
                Records.ids(found);
                return "RELEASE";
            }
            case Records.LOST -> {
                Records.ids(found).forEach(use::removed);
                return "LOST";
            }
            default -> {
                return "";
            }
        }
    }

    private static void message(Stored stored, ContentUse use) {
        if (stored.finished() != null) {
            use.finished(stored.id());
        } else {
            use.queued(stored.id(), stored.accepted(), stored.revised());
        }
    }
}
