package io.spooler.store.file.content;

import io.spooler.SpoolId;
import io.spooler.store.file.journal.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.zip.CRC32C;

/**
 * Reads octets wherever they are. Any thread.
 *
 * @param journal holds the small ones
 * @param files hold the large ones
 */
public record ContentReader(Journal journal, ContentFiles files) {

    private static final int PIECE = 64 * 1024;

    int read(ContentRef ref, long position, ByteBuffer target) throws IOException {
        int limit = target.limit();
        target.limit(target.position() + (int) Math.min(target.remaining(), ref.size() - position));
        try {
            SpoolId file = ref.file();
            return file == null ? journal.read(ref.position() + position, target) : files.read(file, target, position);
        } finally {
            target.limit(limit);
        }
    }

    /** Reads a content from its beginning to its end, and throws if it is not what was accepted. */
    void verify(ContentRef ref) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, Math.max(1, ref.size())));
        for (long at = 0; at < ref.size(); ) {
            piece.clear();
            int count = read(ref, at, piece);
            if (count <= 0) {
                throw new DamagedContentException(ref);
            }
            crc.update(piece.flip());
            at += count;
        }
        check(ref, crc);
    }

    /**
     * Says whether a content is what was accepted.
     *
     * @param ref which
     * @return false if it is damaged, cut or missing
     * @throws IOException if it cannot be read at present
     */
    public boolean isWhole(ContentRef ref) throws IOException {
        try {
            verify(ref);
            return true;
        } catch (DamagedContentException | NoSuchFileException e) {
            return false;
        }
    }

    private static void check(ContentRef ref, CRC32C crc) throws DamagedContentException {
        if ((int) crc.getValue() != ref.crc()) {
            throw new DamagedContentException(ref);
        }
    }

    /**
     * Reads a small content whole, and checks its sum.
     *
     * @param ref in the journal
     * @param target receives it
     * @param offset of its first octet in the target
     * @throws IOException if it cannot be read, or is damaged
     */
    public void readInto(ContentRef ref, byte[] target, int offset) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, offset, (int) ref.size());
        long at = 0;
        while (buffer.hasRemaining()) {
            int count = read(ref, at, buffer);
            if (count <= 0) {
                throw new IOException("a content in the journal is cut");
            }
            at += count;
        }
        CRC32C crc = new CRC32C();
        crc.update(target, offset, (int) ref.size());
        check(ref, crc);
    }
}
