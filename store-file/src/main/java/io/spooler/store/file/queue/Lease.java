package io.spooler.store.file.queue;

import io.spooler.store.QueueFilter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** One claim, and what happens under it. Guarded by the lock of the store. */
final class Lease {

    final Entry entry;
    final long epoch;
    final Instant until;

    /** Recipients that have had no transition yet. */
    final BitSet open = new BitSet();

    /** The message as it is under this claim. */
    Stored stored;

    /** True once work on the message has begun: a crash counts. */
    boolean begun;

    /** True if a wake made recipients due that the journal does not know to be due. */
    boolean woken;

    private List<QueueFilter> wakes = List.of();

    Lease(Entry entry, long epoch, Instant until, Stored stored, boolean woken) {
        this.entry = entry;
        this.epoch = epoch;
        this.until = until;
        this.stored = stored;
        this.woken = woken;
    }

    /** To be applied when the claim ends; each filter once. */
    void wake(QueueFilter filter) {
        if (!wakes.contains(filter)) {
            List<QueueFilter> more = new ArrayList<>(wakes);
            more.add(filter);
            wakes = List.copyOf(more);
        }
    }

    List<QueueFilter> wakes() {
        return wakes;
    }
}
