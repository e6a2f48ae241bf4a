package io.spooler.store.file.index;

import io.spooler.SpoolId;

/** Something with an id in the heap. The id is held in two fields because a million objects less are a million less. */
public abstract class Slot {

    /** The upper half of the id. */
    public final long high;

    /** The lower half of the id. */
    public final long low;

    /**
     * With an id.
     *
     * @param id copied
     */
    protected Slot(SpoolId id) {
        this.high = id.high();
        this.low = id.low();
    }

    /**
     * The id.
     *
     * @return a new object
     */
    public final SpoolId id() {
        return new SpoolId(high, low);
    }

    /**
     * Compares ids.
     *
     * @param other another slot
     * @return as for {@link Comparable}
     */
    public final int compareId(Slot other) {
        return compareId(other.high, other.low);
    }

    final int compareId(long otherHigh, long otherLow) {
        int byHigh = Long.compareUnsigned(high, otherHigh);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, otherLow);
    }

    /**
     * Compares ids.
     *
     * @param other an id
     * @return true if this one is the same
     */
    public final boolean has(SpoolId other) {
        return high == other.high() && low == other.low();
    }

    /**
     * Compares ids.
     *
     * @param other an id
     * @return true if this one is larger
     */
    public final boolean isAfter(SpoolId other) {
        return compareId(other.high(), other.low()) > 0;
    }
}
