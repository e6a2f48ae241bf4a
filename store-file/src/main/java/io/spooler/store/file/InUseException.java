package io.spooler.store.file;

import java.io.IOException;

/** The directory belongs to another instance at present: it must not even be read, as everything changes meanwhile. */
final class InUseException extends IOException {

    private static final long serialVersionUID = 1L;

    InUseException(String message) {
        super(message);
    }
}
