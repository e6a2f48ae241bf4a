package io.spooler.store.file;

import io.spooler.SpoolException;
import io.spooler.store.file.checkpoint.Checkpoint;
import io.spooler.store.file.folder.FileFolders;
import io.spooler.store.file.folder.FolderSnapshot;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Position;
import io.spooler.store.file.journal.Resume;
import io.spooler.store.file.queue.Queue;
import io.spooler.store.file.queue.QueueSnapshot;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when a checkpoint is due, and makes it: at a clean end, and while the store runs whenever the journal has grown
 * by some segments, so that a start reads only what came since. One thread at a time: the carer, then the one that closes.
 */
final class Checkpoints {

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final int SEGMENTS = 4;

    private final Checkpoint file;
    private final Journal journal;
    private final Queue queue;
    private final FileFolders folders;
    private long last;

    Checkpoints(Checkpoint file, Journal journal, Queue queue, FileFolders folders) {
        this.file = file;
        this.journal = journal;
        this.queue = queue;
        this.folders = folders;
        this.last = journal.firstPosition();
    }

    /** One look; blocks for the disk if a checkpoint is due. */
    void round() throws SpoolException {
        if (Position.segment(queue.recordedUpTo()) < Position.segment(last) + SEGMENTS) {
            return;
        }
        try {
            write();
            // Nothing may be in a checkpoint that a power loss could take out of the journal.
            journal.awaitDurable();
            file.publish();
        } catch (IOException e) {
            LOG.warn("No checkpoint can be made at present; the next start reads more of the journal", e);
        }
    }

    /** All is quiet, and all of the journal is durable. */
    void end() {
        try {
            write();
            file.publish();
        } catch (IOException e) {
            LOG.warn("No checkpoint was made; the next start reads more of the journal", e);
        }
    }

    private void write() throws IOException {
        QueueSnapshot messages = QueueSnapshot.of(queue);
        FolderSnapshot filed = FolderSnapshot.of(folders);
        Resume head = new Resume(messages.position(), journal.runs(), journal.salt());
        file.write(head, out -> {
            messages.write(out);
            filed.write(out);
        });
        last = messages.position();
    }
}
