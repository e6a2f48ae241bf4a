package io.spooler.hooks;

/** A file of aliases is wrong in one line. */
final class AliasFormatException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Refuses.
     *
     * @param line number of the line, from 1
     * @param what what is wrong, and what is allowed
     */
    AliasFormatException(int line, String what) {
        super("line " + line + ": " + what);
    }
}
