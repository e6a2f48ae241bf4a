package io.spooler.itests.instance;

/** A command that has ended: its exit status and all it printed, errors included. */
record Ran(int status, String output) {

    /** The output of a command that must have succeeded. */
    String ok() {
        if (status != 0) {
            throw new AssertionError("exit status " + status + ":\n" + output);
        }
        return output;
    }
}
