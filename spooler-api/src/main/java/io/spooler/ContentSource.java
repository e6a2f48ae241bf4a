package io.spooler;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the content of a message, once, from the first octet to the last. */
@FunctionalInterface
public interface ContentSource {

    /**
     * Writes everything; called on the thread that submits.
     *
     * @param target goes straight to the store; need not be closed
     * @throws IOException if the source cannot be read or the target cannot be written; the message then does not exist
     */
    void writeTo(OutputStream target) throws IOException;
}
