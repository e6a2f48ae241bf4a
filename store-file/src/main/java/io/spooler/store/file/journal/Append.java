package io.spooler.store.file.journal;

import io.spooler.SpoolException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One record on its way into the journal, with what is to happen then.
 *
 * <pre>
 *  0      4      5      8          12         16       20       24             24+head        (8 | offset)
 *  +------+------+------+----------+----------+--------+--------+--------------+--------------+-------+
 *  | mark | type |  0   |head size |body size |body CRC|head CRC|    head      |    body      | zeros |
 *  +------+------+------+----------+----------+--------+--------+--------------+--------------+-------+
 * </pre>
 *
 * The mark is keyed with salt, segment and offset. The CRC32C of the head covers octets 4 to 20 as well, so that a
 * ledger can be read and checked without its content. The sums are made on the appending thread: the committer only
 * copies.
 */
public abstract class Append {

    /** Octets in front of the head. */
    public static final int HEADER = 24;

    /** The largest head or body. */
    public static final int MAX_PART = 64 << 20;

    private static final int MARK = 0x53505231;
    private static final byte[] NOTHING = {};

    private final int type;
    private final boolean durable;
    private final byte[] head;
    private final int headSize;
    private final byte[] body;
    private final int bodySize;
    private final int bodyCrc;
    private final int headCrc;
    private @Nullable Segment segment;
    private int offset;

    /**
     * A record without a body.
     *
     * @param type of the record, 1 to 255
     * @param durable true if somebody waits for it to be on stable storage
     * @param head holds the head; not changed any more
     * @param headSize how many octets of it
     */
    protected Append(int type, boolean durable, byte[] head, int headSize) {
        this(type, durable, head, headSize, NOTHING, 0, 0);
    }

    /**
     * A record.
     *
     * @param type of the record, 1 to 255
     * @param durable true if somebody waits for it to be on stable storage
     * @param head holds the head; not changed any more
     * @param headSize how many octets of it
     * @param body holds the body; not changed any more
     * @param bodySize how many octets of it
     * @param bodyCrc CRC32C of those
     */
    protected Append(int type, boolean durable, byte[] head, int headSize, byte[] body, int bodySize, int bodyCrc) {
        this.type = type;
        this.durable = durable;
        this.head = head;
        this.headSize = headSize;
        this.body = body;
        this.bodySize = bodySize;
        this.bodyCrc = bodyCrc;
        ByteBuffer front = ByteBuffer.allocate(HEADER);
        putFront(front);
        this.headCrc = crc(front.array(), 0, ByteBuffer.wrap(head, 0, headSize));
    }

    boolean isTooLarge() {
        return headSize > MAX_PART || bodySize > MAX_PART;
    }

    private void putFront(ByteBuffer target) {
        target.putInt(0).put((byte) type).put((byte) 0).putShort((short) 0);
        target.putInt(headSize).putInt(bodySize).putInt(bodyCrc);
    }

    private static int crc(byte[] front, int at, ByteBuffer head) {
        CRC32C crc = new CRC32C();
        crc.update(front, at + 4, HEADER - 8);
        crc.update(head);
        return (int) crc.getValue();
    }

    /** Says whether front and head belong together. */
    static boolean isWhole(byte[] front, int at, ByteBuffer head, int headCrc) {
        return crc(front, at, head) == headCrc;
    }

    /** What stands in front of a record: different at every place. */
    static int mark(long salt, long number, long offset) {
        long x = salt ^ (number * 0x9E3779B97F4A7C15L) ^ (offset * 0xC2B2AE3D27D4EB4FL);
        x = (x ^ (x >>> 32)) * 0xD6E8FEB86659FD93L;
        x = (x ^ (x >>> 29)) * 0xD6E8FEB86659FD93L;
        return MARK ^ (int) (x >>> 32);
    }

    static int padded(int size) {
        return (size + 7) & ~7;
    }

    /** Where it will stand; known once it is appended. */
    void place(Segment where, int at) {
        segment = where;
        offset = at;
    }

    Segment segment() {
        return java.util.Objects.requireNonNull(segment);
    }

    int offset() {
        return offset;
    }

    boolean isDurable() {
        return durable;
    }

    void writeTo(SegmentWriter writer) throws java.io.IOException {
        Segment where = segment();
        ByteBuffer front = writer.room(HEADER);
        int start = front.position();
        putFront(front);
        front.putInt(headCrc);
        front.putInt(start, mark(where.salt(), where.number(), offset));
        writer.put(head, headSize);
        writer.put(body, bodySize);
        writer.put(NULLS, size() - HEADER - headSize - bodySize);
    }

    private static final byte[] NULLS = new byte[8];

    /**
     * Octets in the journal.
     *
     * @return with header and padding
     */
    public final int size() {
        return padded(HEADER + headSize + bodySize);
    }

    /**
     * Octets of the body.
     *
     * @return 0 or more
     */
    public final int bodySize() {
        return bodySize;
    }

    /**
     * Where it stands.
     *
     * @return valid once it was appended
     */
    public final long position() {
        return Position.of(segment().number(), offset);
    }

    /**
     * Where its body stands.
     *
     * @return valid once it was appended
     */
    public final long bodyPosition() {
        return position() + HEADER + headSize;
    }

    /** It is written, and forced if it is durable. On the committer, under the lock of the store; must not block. */
    protected void recorded() {}

    /** As {@link #recorded()}, afterwards and without a lock: the place to complete a stage. */
    protected void done() {}

    /**
     * It may or may not be in the journal, and nobody will know before the next start. Without a lock.
     *
     * @param reason why
     */
    protected void failed(SpoolException reason) {}
}
