package io.spooler.store.file.index;

import io.spooler.store.file.journal.Position;
import java.util.HashMap;
import java.util.Map;

/** How many octets of each segment are still needed. Guarded by the lock of the store. */
public final class Usage {

    private final Map<Long, Long> living = new HashMap<>();
    private long total;

    /**
     * A record is needed.
     *
     * @param position where it stands
     * @param size octets
     */
    public void add(long position, long size) {
        living.merge(Position.segment(position), size, Long::sum);
        total += size;
    }

    /**
     * A record is needed no more.
     *
     * @param position where it stands
     * @param size octets
     */
    public void remove(long position, long size) {
        add(position, -size);
    }

    /**
     * Octets needed in a segment.
     *
     * @param segment its number
     * @return about 0 if it may go
     */
    public long living(long segment) {
        return living.getOrDefault(segment, 0L);
    }

    /**
     * Octets needed in all segments.
     *
     * @return the sum
     */
    public long total() {
        return total;
    }

    /**
     * A segment is gone.
     *
     * @param segment its number
     */
    public void forget(long segment) {
        Long rest = living.remove(segment);
        total -= rest == null ? 0 : rest;
    }
}
