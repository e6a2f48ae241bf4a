package io.spooler.store.file;

import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.NoSpace;
import java.io.IOException;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the room on the disk, and keeps a reserve in it. With too little nothing new is taken, while what is queued
 * goes out: the journal goes on in its reserve. Looked at by the carer, once a second.
 */
final class Space {

    private static final Logger LOG = LoggerFactory.getLogger(Space.class);

    private static final long LEAST = 8 << 20;

    private final Disk disk;
    private final Journal journal;
    private final LongSupplier held;
    private volatile @Nullable String shortage;
    private volatile @Nullable String reserveMissing;
    private volatile boolean tight;

    /**
     * Begins to watch.
     *
     * @param disk whose
     * @param journal is told when there is little
     * @param held octets that the store needs for what it holds
     */
    Space(Disk disk, Journal journal, LongSupplier held) {
        this.disk = disk;
        this.journal = journal;
        this.held = held;
    }

    /** Why nothing new is taken; null while there is room. */
    @Nullable
    String shortage() {
        // The journal learns it first.
        return shortage == null && journal.isOutOfRoom() ? "there is no room on the disk; make room" : shortage;
    }

    /** Looks again. */
    void look(StoreOptions options) {
        String found;
        try {
            long floor = options.floor(disk.capacity(options.directory()));
            boolean tight = disk.usable(options.directory()) < floor;
            journal.tight(tight || reserveMissing != null);
            this.tight = tight || reserveMissing != null;
            found = tight ? lessThan(options, floor) : reserveMissing == null ? overQuota(options) : reserveMissing;
        } catch (IOException e) {
            LOG.warn("The free space of {} is not known", options.directory(), e);
            return;
        }
        if (!Objects.equals(found, shortage)) {
            if (found == null) {
                LOG.info("Store {} has room again", options.directory());
            } else {
                LOG.warn("Store {} is full, nothing new is taken: {}", options.directory(), found);
            }
        }
        shortage = found;
    }

    private static String lessThan(StoreOptions options, long floor) {
        String name = options.minimumFree() == StoreOptions.AUTOMATIC ? "" : "minimum_free=";
        return "less than " + name + floor + " octets are free on the disk; make room, or set minimum_free of "
                + StoreOptions.PID;
    }

    private @Nullable String overQuota(StoreOptions options) {
        boolean over = options.quota() > 0 && held.getAsLong() >= options.quota();
        return over ? "what it holds has reached quota=" + options.quota() + " octets; delete or deliver some" : null;
    }

    /** Says whether a store that was stopped by a full disk can go on. */
    boolean hasRoom(StoreOptions options) {
        try {
            return journal.hasReserve() || disk.usable(options.directory()) > LEAST;
        } catch (IOException e) {
            return true; // Opening it again says what is wrong.
        }
    }

    /** Says whether there is room for hardly more than the reserve. */
    boolean isTight() {
        return tight;
    }

    /** At the start: the reserve was used up, perhaps, and the disk is full still. */
    void makeRoom(StoreOptions options) throws IOException {
        look(options);
        if (tight && !journal.hasReserve()) {
            journal.giveBackTails();
        }
    }

    /** Makes the reserve if it is missing and there is room for it; without one nothing new is taken. Blocks for the disk. */
    void prepareReserve(StoreOptions options) {
        if (tight && reserveMissing == null) {
            return; // It is in use, and will be made of the next segment that is given back.
        }
        String missing = null;
        try {
            if (!journal.hasReserve() && disk.usable(options.directory()) < options.segmentSize()) {
                throw new IOException("no space left for it");
            }
            journal.prepareReserve();
        } catch (IOException e) {
            boolean known = reserveMissing != null;
            if (NoSpace.isCauseOf(e)) {
                missing = "there is no room, or no inode, for a reserve of segment_size=" + options.segmentSize()
                        + " octets; make room";
            } else if (!known) {
                LOG.warn("The reserve of the journal cannot be made; without it a full disk stops the store", e);
            }
        }
        boolean changed = !Objects.equals(missing, reserveMissing);
        reserveMissing = missing;
        if (changed) {
            look(options);
        }
    }
}
