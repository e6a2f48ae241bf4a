package io.spooler.store.file.content;

import io.spooler.SpoolId;
import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.journal.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;

/**
 * The directory for what cannot be served any more: nothing in it is ever read back, people look at it. Any thread;
 * blocks for the disk.
 *
 * @param disk where
 * @param directory exists
 * @param contents of the store
 * @param journal stops when a force fails
 */
public record Quarantine(Disk disk, Path directory, ContentFiles contents, Journal journal) {

    /**
     * Keeps what is left of a message: the octets of its record, and the files of its contents. Durable when it returns.
     *
     * @param id the message
     * @param record as it stands in the journal
     * @param files names of contents; they need not be there
     * @throws IOException if that cannot be kept; the message must stay where it is
     */
    public void keep(SpoolId id, ByteBuffer record, Collection<SpoolId> files) throws IOException {
        Path copy = directory.resolve(id + ".damaged");
        disk.delete(copy);
        try (Disk.Handle file = disk.create(copy)) {
            file.writeFully(record, 0);
            force(file::force);
        }
        for (SpoolId file : files) {
            contents.moveTo(directory, file);
        }
        force(contents::forceDirectory);
        force(() -> disk.forceDirectory(directory));
    }

    private interface Force {
        void run() throws IOException;
    }

    /** Tried again it would succeed, and prove nothing. */
    private void force(Force force) throws IOException {
        try {
            force.run();
        } catch (IOException e) {
            journal.halt(e);
            throw e;
        }
    }
}
