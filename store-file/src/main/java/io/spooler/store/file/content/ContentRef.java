package io.spooler.store.file.content;

import io.spooler.SpoolId;
import io.spooler.store.file.codec.Decoder;
import io.spooler.store.file.codec.Encoder;
import org.jspecify.annotations.Nullable;

/**
 * Where the octets of a content are.
 *
 * @param file name of its file, or null if it is in the journal
 * @param position of its first octet in the journal; negative ({@code -1 - offset}) while the record that holds it in
 *     its body has no place yet
 * @param size octets
 * @param crc CRC32C of the octets
 */
public record ContentRef(@Nullable SpoolId file, long position, long size, int crc) {

    /** No octets. */
    public static final ContentRef EMPTY = new ContentRef(null, 0, 0, 0);

    private static final int NOTHING = 0;
    private static final int HERE = 1;
    private static final int ELSEWHERE = 2;
    private static final int FILE = 3;

    /**
     * A content in the body of the record that is being made.
     *
     * @param offset in the body
     * @param size octets
     * @param crc CRC32C of the octets
     * @return to be placed later
     */
    public static ContentRef here(int offset, long size, int crc) {
        return size == 0 ? EMPTY : new ContentRef(null, -1L - offset, size, crc);
    }

    /**
     * A content in a file.
     *
     * @param file its name
     * @param size octets
     * @param crc CRC32C of the octets
     * @return the reference
     */
    public static ContentRef file(SpoolId file, long size, int crc) {
        return new ContentRef(file, 0, size, crc);
    }

    /**
     * Says whether it is in the body of the record that is being made.
     *
     * @return true until it is placed
     */
    public boolean isHere() {
        return position < 0;
    }

    /**
     * Says whether it is in the journal.
     *
     * @return false for a file, and for no octets
     */
    public boolean isInJournal() {
        return file == null && size > 0;
    }

    /**
     * The same content once the record has its place.
     *
     * @param body position of the body
     * @return absolute
     */
    public ContentRef placed(long body) {
        return isHere() ? new ContentRef(null, body - 1 - position, size, crc) : this;
    }

    /** Writes it. */
    public void put(Encoder out) {
        if (file != null) {
            out.octet(FILE).id(file).number(size).number(crc & 0xFFFFFFFFL);
        } else if (size == 0) {
            out.octet(NOTHING);
        } else if (isHere()) {
            out.octet(HERE).number(-1 - position).number(size).number(crc & 0xFFFFFFFFL);
        } else {
            out.octet(ELSEWHERE).number(position).number(size).number(crc & 0xFFFFFFFFL);
        }
    }

    /**
     * Reads it.
     *
     * @param in behind the fields before it
     * @param body position of the body of the record
     * @return absolute
     */
    public static ContentRef get(Decoder in, long body) {
        int kind = in.octet();
        return switch (kind) {
            case NOTHING -> EMPTY;
            case HERE -> new ContentRef(null, body + in.number(), in.number(), (int) in.number());
            case ELSEWHERE -> new ContentRef(null, in.number(), in.number(), (int) in.number());
            case FILE -> new ContentRef(in.id(), 0, in.number(), (int) in.number());
            default -> throw new IllegalArgumentException("no such kind of content: " + kind);
        };
    }
}
