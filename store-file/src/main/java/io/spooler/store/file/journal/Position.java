package io.spooler.store.file.journal;

/** A place in the journal in 64 bits: segment number and offset. */
public final class Position {

    private Position() {}

    static long of(long segment, int offset) {
        return segment << 32 | offset;
    }

    /**
     * The segment.
     *
     * @param position a place
     * @return its number
     */
    public static long segment(long position) {
        return position >>> 32;
    }

    /**
     * The place in the segment.
     *
     * @param position a place
     * @return octets from its beginning
     */
    public static int offset(long position) {
        return (int) position;
    }

    /**
     * For people.
     *
     * @param position a place
     * @return segment and offset
     */
    public static String text(long position) {
        return segment(position) + "@" + offset(position);
    }
}
