package io.spooler.store.file.maintain;

import io.spooler.SpoolId;

/** What a running store knows better than its journal, as that was when the check began. Any thread. */
public interface Present {

    /** Of a store that does not run: nothing changes. */
    Present NOTHING = new Present() {
        @Override
        public boolean needs(SpoolId message, SpoolId file) {
            return true;
        }

        @Override
        public boolean mayWrite(SpoolId file) {
            return false;
        }
    };

    /**
     * Says whether a content is needed still: that of a message which has ended meanwhile is not.
     *
     * @param message in the queue or in a mailbox when the check began
     * @param file of its content
     * @return false if the file may be gone
     */
    boolean needs(SpoolId message, SpoolId file);

    /**
     * Says whether a file may be one that is being written, or that belongs to a later message.
     *
     * @param file that no message needed when the check began
     * @return false if it is of no use
     */
    boolean mayWrite(SpoolId file);
}
