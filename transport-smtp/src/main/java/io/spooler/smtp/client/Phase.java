package io.spooler.smtp.client;

import io.spooler.Reply;

/** What a connection is doing; one at a time. Called on its event loop only. */
interface Phase {

    /**
     * A complete reply came.
     *
     * @param reply the server's words
     */
    void reply(ServerReply reply);

    /**
     * The connection is gone. Called once, unless the phase ended before.
     *
     * @param why for people
     */
    void lost(Reply why);

    /** The message is wanted back: hands back what is open, without an attempt counted. The connection is closing. */
    void drop();

    /** Whether no session stands yet, so that another server can be tried in place of this one. */
    default boolean isBeforeSession() {
        return false;
    }

    /** Another server is tried: nothing of this phase counts any more. */
    default void left() {}

    /** The channel takes more. */
    default void writable() {}

    /** Whether the answer to the final dot is awaited: from here on nobody can take the message back. */
    default boolean isPastReturn() {
        return false;
    }
}
