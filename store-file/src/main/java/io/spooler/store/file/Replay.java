package io.spooler.store.file;

import io.spooler.store.file.folder.FolderReplay;
import io.spooler.store.file.journal.Barrier;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Recovery;
import io.spooler.store.file.queue.QueueReplay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the records of a journal to those who know them. One thread, before the store opens.
 *
 * @param queue rebuilds the queue
 * @param folders rebuilds the folders
 */
record Replay(QueueReplay queue, FolderReplay folders) implements Recovery.Replay {

    /** Type of the record that a clean end leaves. */
    static final int CLOSED = 31;

    private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

    @Override
    public void run() {
        queue.run();
    }

    @Override
    public boolean record(Journal.Found found, long position) {
        try {
            return found.type() == CLOSED
                    || found.type() == Barrier.TYPE
                    || queue.record(found, position)
                    || filed(found, position);
        } catch (RuntimeException e) {
            LOG.error("A record of type {} makes no sense", found.type(), e);
            return false;
        }
    }

    private boolean filed(Journal.Found found, long position) {
        boolean known = folders.record(found, position);
        if (known && FolderReplay.isFiled(found)) {
            queue.filed(found, position);
        }
        return known;
    }
}
