package io.spooler.hooks;

/** A file that people write is wrong in one line. */
final class FormatException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Refuses.
     *
     * @param line number of the line, from 1
     * @param what what is wrong, and what is allowed
     */
    FormatException(int line, String what) {
        super("line " + line + ": " + what);
    }
}
