package io.spooler.shell;

import java.util.List;

/**
 * The words of a command that has commands of its own.
 *
 * @param all as typed
 */
record Words(List<String> all) {

    /**
     * Says whether they are one command.
     *
     * @param command the first word
     * @param least so many words must follow
     * @param most so many may follow
     * @return true if they fit
     */
    boolean are(String command, int least, int most) {
        int more = all.size() - 1;
        return more >= least && more <= most && all.get(0).equals(command);
    }

    /**
     * What follows a command, if anything does.
     *
     * @param command the first word
     * @param otherwise if nothing follows
     * @return the last word
     */
    String last(String command, String otherwise) {
        String last = all.get(all.size() - 1);
        return all.size() == 1 && last.equals(command) ? otherwise : last;
    }
}
