package io.spooler.store.file;

import io.spooler.SpoolException;
import io.spooler.store.file.folder.FolderCare;
import io.spooler.store.file.index.Usage;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Segment;
import io.spooler.store.file.queue.Upkeep;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives space back. The oldest segment goes as soon as nothing in it lives; its few living records are copied to the
 * end of the journal first when it is mostly dead, or when a part of all segments together is dead: a fifth while
 * little is written, half of them while much is.
 * Always the oldest: later segments hold the outcomes of messages in earlier ones, and a message must not outlive the
 * record that says it is gone.
 *
 * <p>Lock: {@code space}, so that one thread does so at a time. It is held for as long as that takes; the round of the
 * carer passes by, others wait.
 */
final class Care {

    private static final Logger LOG = LoggerFactory.getLogger(Care.class);
    private static final int LIVELY = 4;
    private static final int SLACK_SEGMENTS = 2;
    private static final int QUIET = 16;
    private static final int QUIET_SHARE = 5;
    private static final int BUSY_SHARE = 2;
    private static final int MAX_SEGMENTS = 16;
    private static final int SLIGHT = 50;

    private final Object lock;
    private final Journal journal;
    private final Usage usage;
    private final Upkeep upkeep;
    private final FolderCare folders;
    private final ReentrantLock space = new ReentrantLock();
    private long seen;

    Care(Object lock, Journal journal, Usage usage, Upkeep upkeep, FolderCare folders) {
        this.lock = lock;
        this.journal = journal;
        this.usage = usage;
        this.upkeep = upkeep;
        this.folders = folders;
    }

    /**
     * Drops what may go; returns how many segments went.
     *
     * @param segmentSize a little more than the living may be kept
     * @param tight true if the disk is nearly full: then no copy may cost more than a little of the reserve
     */
    int reclaim(long segmentSize, boolean tight) {
        if (!space.tryLock()) {
            return 0; // A check reads the segments, or a compaction does better.
        }
        try {
            return reclaimAlone(segmentSize, tight);
        } finally {
            space.unlock();
        }
    }

    private int reclaimAlone(long segmentSize, boolean tight) {
        // With nothing else to do, space is worth more copies.
        boolean quiet = journal.writtenUpTo() - seen < segmentSize / QUIET;
        int share = quiet ? QUIET_SHARE : BUSY_SHARE;
        long slack = tight ? Long.MAX_VALUE : quiet ? segmentSize : SLACK_SEGMENTS * segmentSize;
        int dropped = 0;
        try {
            while (dropped < MAX_SEGMENTS) {
                Collection<Segment> sealed = journal.sealed();
                if (sealed.isEmpty()) {
                    break;
                }
                Segment oldest = sealed.iterator().next();
                if (!isWorthIt(oldest, sealed, slack, share) || !drop(oldest)) {
                    break;
                }
                dropped++;
            }
        } catch (SpoolException e) {
            LOG.debug("The store has stopped meanwhile", e);
        } catch (IOException e) {
            LOG.warn("Space in the journal cannot be given back at present", e);
        }
        seen = journal.writtenUpTo();
        return dropped;
    }

    private boolean isWorthIt(Segment oldest, Collection<Segment> sealed, long slack, int share) {
        long all = sealed.stream().mapToLong(Segment::size).sum();
        synchronized (lock) {
            long dead = all - usage.total();
            return usage.living(oldest.number()) < oldest.size() / LIVELY || (dead > slack && dead > all / share);
        }
    }

    /** Something that must find all segments where they are. */
    @FunctionalInterface
    interface Reading<T> {
        T run() throws SpoolException;
    }

    /** Runs it while no segment goes. */
    <T> T pausing(Reading<T> reading) throws SpoolException {
        space.lock();
        try {
            return reading.run();
        } finally {
            space.unlock();
        }
    }

    /**
     * What a compaction did.
     *
     * @param segments how many went
     * @param text why no more of them did; empty if there was nothing more to gain
     */
    record Compacted(int segments, String text) {}

    /** Drops all segments up to the last one in which something is dead; what is written meanwhile stays. */
    Compacted compact(Consumer<String> progress) throws SpoolException, IOException {
        space.lock();
        try {
            // The segment that is written at present may end while its forerunners are copied: then it can go, too.
            long bound = journal.appliedSegment();
            int dropped = 0;
            for (Segment oldest = oldest(); oldest != null; oldest = oldest()) {
                long last = lastWithDead(bound);
                if (oldest.number() > last) {
                    break;
                }
                progress.accept("journal segment " + oldest.number() + " of those up to " + last);
                if (!dropAtLast(oldest)) {
                    return new Compacted(dropped, unreadable(oldest));
                }
                dropped++;
            }
            return new Compacted(dropped, "");
        } finally {
            space.unlock();
        }
    }

    private static String unreadable(Segment segment) {
        return "segment " + segment.number()
                + " holds something that cannot be read, see the log; it and the later ones stay";
    }

    private @Nullable Segment oldest() {
        Collection<Segment> sealed = journal.sealed();
        return sealed.isEmpty() ? null : sealed.iterator().next();
    }

    /** The first time may only have been too early: what was on its way is written by the second. */
    private boolean dropAtLast(Segment segment) throws SpoolException, IOException {
        if (drop(segment)) {
            return true;
        }
        journal.awaitDurable();
        return drop(segment);
    }

    /** So little that a copy would win it is nothing. */
    private long lastWithDead(long bound) {
        long last = 0;
        for (Segment segment : journal.sealed()) {
            synchronized (lock) {
                long dead = segment.size() - usage.living(segment.number());
                boolean counts = segment.number() <= bound && dead > segment.size() / SLIGHT;
                last = counts ? segment.number() : last;
            }
        }
        return last;
    }

    private boolean drop(Segment segment) throws SpoolException, IOException {
        if (!upkeep.copyOut(segment.number()) || !folders.copyOut(segment.number())) {
            LOG.debug("Journal segment {} stays for now", segment.number());
            return false;
        }
        journal.awaitDurable();
        journal.drop(segment);
        synchronized (lock) {
            usage.forget(segment.number());
        }
        LOG.debug("Journal segment {} is gone", segment.number());
        return true;
    }
}
