package io.spooler.store.file.content;

import io.spooler.SpoolId;
import io.spooler.store.file.journal.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads octets wherever they are. Any thread.
 *
 * @param journal holds the small ones
 * @param files hold the large ones
 */
public record ContentReader(Journal journal, ContentFiles files) {

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

    /**
     * Reads a small content whole.
     *
     * @param ref in the journal
     * @param target receives it
     * @param offset of its first octet in the target
     * @throws IOException if it cannot be read
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
    }
}
