package io.spooler.store.file.journal;

import java.io.IOException;
import java.io.Serial;

/** The octets at a place are there, and are no whole record. */
public final class DamagedRecordException extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    DamagedRecordException(String what, long position) {
        super(what + " at " + Position.text(position));
    }
}
