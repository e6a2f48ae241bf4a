package io.spooler.smtp.client;

import io.spooler.Reply;

/** No server is known for a destination. */
final class Unroutable extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Reply reply;
    private final boolean forever;

    /**
     * Why.
     *
     * @param forever whether that will not change by itself
     * @param status enhanced code
     * @param text for people
     */
    Unroutable(boolean forever, String status, String text) {
        super(text);
        this.reply = new Reply(status, text);
        this.forever = forever;
    }

    Reply reply() {
        return reply;
    }

    boolean isForever() {
        return forever;
    }

    /** The cause of a stage that failed, whatever it was wrapped in. */
    static Unroutable of(Throwable error) {
        Throwable cause = error;
        while (!(cause instanceof Unroutable) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof Unroutable known ? known : new Unroutable(false, "4.4.3", "cannot look up: " + cause);
    }
}
