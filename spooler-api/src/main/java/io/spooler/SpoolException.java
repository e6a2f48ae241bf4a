package io.spooler;

import org.jspecify.annotations.Nullable;

/** The spooler could not take or give a message. The reason says whether trying again later can help. */
public final class SpoolException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The envelope names nobody (R6). */
        NO_RECIPIENTS(false),
        /** More recipients than the configured limit. */
        TOO_MANY_RECIPIENTS(false),
        /** The content passed the configured limit. */
        TOO_LARGE(false),
        /** The content could not be read from its source. */
        BAD_CONTENT(false),
        /** No message store is present. */
        NO_STORE(true),
        /** The store has no room at present. */
        STORE_FULL(true),
        /** The store has stopped after an error; an administrator must act. */
        STORE_STOPPED(true),
        /** Incoming messages are not taken at present, or this one took too long. */
        NOT_NOW(true),
        /** A message of this origin ({@link Origins}), or with this id, has come in before. */
        KNOWN(false),
        /** No message has this id. */
        NOT_FOUND(false),
        /** A hook or a transport works on the message: no access (R13). */
        IN_PROGRESS(true),
        /** The message is complete, and no copy of its content was kept. */
        CONTENT_GONE(false),
        /** A list among the recipients is unknown, or nested too deep (R7). */
        BAD_LIST(false),
        /** No address book is present, or one cannot be read. */
        LISTS_AWAY(true);

        private final boolean temporary;

        Reason(boolean temporary) {
            this.temporary = temporary;
        }

        /**
         * Tells whether the same call may succeed later.
         *
         * @return true if so
         */
        public boolean isTemporary() {
            return temporary;
        }
    }

    private final Reason reason;

    /**
     * A refusal.
     *
     * @param reason why
     * @param message names the thing and the cure
     */
    public SpoolException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * A refusal with a cause.
     *
     * @param reason why
     * @param message names the thing and the cure
     * @param cause what happened below, or null
     */
    public SpoolException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * Why.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
