package io.spooler.store.file.folder;

import io.spooler.SpoolId;
import io.spooler.store.file.index.Slot;

/** What the heap holds of a filed message. Guarded by the lock of the store. */
final class Filed extends Slot {

    /** Grows by filing. */
    final long sequence;

    /** Where its FILED record stands, with the content in its body. */
    long position;

    /** Octets of that record. */
    int size;

    /** Where its latest FILED or ENTRY record stands. */
    long entry;

    /** Its content has a file of its own. */
    boolean inFile;

    /** Where it is. */
    Folder folder;

    Filed(SpoolId id, long sequence, Folder folder) {
        super(id);
        this.sequence = sequence;
        this.folder = folder;
    }
}
