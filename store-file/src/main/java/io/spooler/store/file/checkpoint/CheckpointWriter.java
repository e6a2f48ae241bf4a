package io.spooler.store.file.checkpoint;

import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes the blocks of a checkpoint one behind the other. One thread. */
public final class CheckpointWriter {

    /** How large a block should get, octets: the work between two looks at the lock of the store. */
    public static final int GOOD_SIZE = 16 * 1024;

    private final Disk.Handle file;
    private long end;

    CheckpointWriter(Disk.Handle file) {
        this.file = file;
    }

    /**
     * Writes a block.
     *
     * @param kind one of {@link Block}
     * @param payload its values; nothing is written if there are none
     * @throws IOException if it cannot be written
     */
    public void write(int kind, Encoder payload) throws IOException {
        if (payload.size() > 0) {
            ByteBuffer octets = ByteBuffer.wrap(payload.octets(), 0, payload.size());
            ByteBuffer all = ByteBuffer.allocate(Block.HEADER + payload.size());
            all.putInt(payload.size()).putInt(kind).putInt(Block.sum(payload.size(), kind, octets.duplicate()));
            all.put(octets).flip();
            file.writeFully(all, end);
            end += all.capacity();
        }
    }
}
