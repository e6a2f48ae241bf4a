package io.spooler.store.file.journal;

import java.io.IOException;

/** The journal was written by a newer release; it is left as it is. */
public final class NewerFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    NewerFormatException(String segment, int found, int known) {
        super("journal segment " + segment + " has format " + found + ", this release knows " + known
                + "; run the newer release, or point 'directory' elsewhere");
    }
}
