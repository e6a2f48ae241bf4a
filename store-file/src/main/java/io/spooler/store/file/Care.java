package io.spooler.store.file;

import io.spooler.SpoolException;
import io.spooler.store.file.folder.FolderCare;
import io.spooler.store.file.index.Usage;
import io.spooler.store.file.journal.Append;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Segment;
import io.spooler.store.file.queue.Upkeep;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives space back. The oldest segment goes as soon as nothing in it lives; its few living records are copied to the
 * end of the journal first when it is mostly dead, or when the dead outweigh the living in all segments together.
 * Always the oldest: later segments hold the outcomes of messages in earlier ones, and a message must not outlive the
 * record that says it is gone. One thread at a time.
 */
final class Care {

    private static final Logger LOG = LoggerFactory.getLogger(Care.class);
    private static final int LIVELY = 4;
    private static final int SLACK_SEGMENTS = 2;
    private static final int MAX_SEGMENTS = 16;

    private final Object lock;
    private final Journal journal;
    private final Usage usage;
    private final Upkeep upkeep;
    private final FolderCare folders;

    Care(Object lock, Journal journal, Usage usage, Upkeep upkeep, FolderCare folders) {
        this.lock = lock;
        this.journal = journal;
        this.usage = usage;
        this.upkeep = upkeep;
        this.folders = folders;
    }

    /** Drops what may go; returns how many segments went. */
    int reclaim(long segmentSize) {
        int dropped = 0;
        try {
            while (dropped < MAX_SEGMENTS) {
                Collection<Segment> sealed = journal.sealed();
                if (sealed.isEmpty()) {
                    break;
                }
                Segment oldest = sealed.iterator().next();
                if (!isWorthIt(oldest, sealed, segmentSize) || !drop(oldest)) {
                    break;
                }
                dropped++;
            }
        } catch (SpoolException | IOException e) {
            LOG.warn("Space in the journal cannot be given back at present", e);
        }
        return dropped;
    }

    private boolean isWorthIt(Segment oldest, Collection<Segment> sealed, long segmentSize) {
        long all = sealed.stream().mapToLong(Segment::size).sum();
        synchronized (lock) {
            long living = usage.living(oldest.number());
            return living < oldest.size() / LIVELY || all > 2 * usage.total() + SLACK_SEGMENTS * segmentSize;
        }
    }

    private boolean drop(Segment segment) throws SpoolException, IOException {
        if (!upkeep.copyOut(segment.number()) || !folders.copyOut(segment.number())) {
            LOG.debug("Journal segment {} stays for now", segment.number());
            return false;
        }
        Barrier barrier = new Barrier();
        journal.append(barrier);
        barrier.await();
        journal.drop(segment);
        synchronized (lock) {
            usage.forget(segment.number());
        }
        LOG.debug("Journal segment {} is gone", segment.number());
        return true;
    }

    /** Says nothing; once it is durable, so is everything before it. */
    static final class Barrier extends Append {

        static final int TYPE = 30;

        private final CompletableFuture<Boolean> stage = new CompletableFuture<>();

        Barrier() {
            super(TYPE, true, new byte[0], 0);
        }

        void await() throws IOException {
            try {
                stage.join();
            } catch (CompletionException e) {
                throw new IOException("the store has stopped", e);
            }
        }

        @Override
        protected void done() {
            stage.complete(true);
        }

        @Override
        protected void failed(SpoolException reason) {
            stage.completeExceptionally(reason);
        }
    }
}
