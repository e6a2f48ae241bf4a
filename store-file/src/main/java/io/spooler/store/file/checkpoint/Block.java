package io.spooler.store.file.checkpoint;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What is in a block, and how it stands in the file.
 *
 * <pre>
 *  0      4      8        12
 *  +------+------+--------+---------
 *  | size | kind | CRC32C | payload …   the sum covers size, kind and payload
 *  +------+------+--------+---------
 * </pre>
 */
public final class Block {

    /** The first block: where the journal goes on. */
    public static final int HEAD = 1;

    /** Names of address types, in the order of their bits. */
    public static final int TYPES = 2;

    /** Messages of the queue. */
    public static final int QUEUE = 3;

    /** Idempotency keys. */
    public static final int KEYS = 4;

    /** Mailboxes and folders. */
    public static final int FOLDERS = 5;

    /** Filed messages. */
    public static final int FILED = 6;

    /** Where messages came from. */
    public static final int ORIGINS = 8;

    /** The last block: the checkpoint is whole. */
    public static final int END = 7;

    /** The largest payload. */
    static final int MAX_SIZE = 16 << 20;

    static final int HEADER = 12;

    private Block() {}

    static int sum(int size, int kind, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(8).putInt(size).putInt(kind).flip());
        crc.update(payload);
        return (int) crc.getValue();
    }
}
