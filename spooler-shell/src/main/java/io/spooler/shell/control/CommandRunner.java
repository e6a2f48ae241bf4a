package io.spooler.shell.control;

import java.io.PrintStream;

/** Runs commands. Any thread. */
interface CommandRunner {

    /**
     * Runs one command line to its end. Blocks as long as the command does.
     *
     * @param command as typed
     * @param out takes output
     * @param err takes error output
     * @return exit status: 0 only if it succeeded
     */
    int run(String command, PrintStream out, PrintStream err);

    /**
     * Tells whether the calling thread works for a command, as when a command stops this bundle.
     *
     * @return true if so
     */
    boolean isInside();
}
