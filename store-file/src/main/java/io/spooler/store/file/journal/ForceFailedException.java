package io.spooler.store.file.journal;

import java.io.IOException;
import java.io.Serial;

/** Octets that the file system has taken may not be on the disk; only a start that reads from the disk tells. */
final class ForceFailedException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    ForceFailedException(IOException cause) {
        super("a force failed: " + cause.getMessage(), cause);
    }
}
