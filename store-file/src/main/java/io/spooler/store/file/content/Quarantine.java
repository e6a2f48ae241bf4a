package io.spooler.store.file.content;

import io.spooler.SpoolId;
import io.spooler.store.file.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The directory for what cannot be served any more: nothing in it is ever read back, people look at it. Any thread;
 * blocks for the disk.
 *
 * @param disk where
 * @param directory exists
 * @param contents of the store
 */
public record Quarantine(Disk disk, Path directory, ContentFiles contents) {

    /**
     * Keeps what is left of a message: the octets of its record, and the file of its content if it has one. Durable
     * when it returns.
     *
     * @param id the message
     * @param record as it stands in the journal
     * @throws IOException if that cannot be kept; the message must stay where it is
     */
    public void keep(SpoolId id, ByteBuffer record) throws IOException {
        Path copy = directory.resolve(id + ".damaged");
        disk.delete(copy);
        try (Disk.Handle file = disk.create(copy)) {
            file.writeFully(record, 0);
            file.force();
        }
        contents.moveTo(directory, id);
        disk.forceDirectory(directory);
    }
}
