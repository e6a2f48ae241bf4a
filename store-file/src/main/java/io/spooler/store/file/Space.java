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
    private boolean reserveMissed;

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
        return shortage;
    }

    /** Looks again. */
    void look(StoreOptions options) {
        String found;
        try {
            long floor = options.floor(disk.capacity(options.directory()));
            boolean tight = disk.usable(options.directory()) < floor;
            journal.tight(tight);
            found = tight ? lessThan(options, floor) : overQuota(options);
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

    /** Makes the reserve while there is room for it. Blocks for the disk. */
    void prepareReserve() {
        if (shortage != null) {
            return;
        }
        try {
            journal.prepareReserve();
            reserveMissed = false;
        } catch (IOException e) {
            if (!reserveMissed) {
                LOG.warn("The reserve of the journal cannot be made; without it a full disk stops the store", e);
            }
            reserveMissed = true;
            if (NoSpace.isCauseOf(e)) {
                journal.tight(true);
            }
        }
    }
}
