package io.spooler.transport;

import io.spooler.Reply;

/**
 * How a transport is (R65).
 *
 * @param condition whether it works
 * @param text one line for people; says the cure unless all is well
 */
public record TransportStatus(Condition condition, String text) {

    /** Whether a transport works. */
    public enum Condition {
        /** Works, as far as is known. */
        AVAILABLE,
        /** Configured, but the messaging system cannot be reached at present. */
        OFFLINE,
        /** Cannot work before an administrator acts; nothing is offered to it. */
        FAILED
    }

    /** Cleans the text. */
    public TransportStatus {
        text = Reply.clean(text);
    }
}
