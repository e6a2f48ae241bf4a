package io.spooler.smtp.client;

import io.spooler.Reply;
import org.jspecify.annotations.Nullable;

/** Whom a connection belongs to. Called on the event loop of the connection. */
interface Owner {

    /**
     * The session stands.
     *
     * @param connection which; begins with its transfer, if it has one, after this call
     */
    void established(Connection connection);

    /**
     * No session could be had. The connection is closing.
     *
     * @param transfer what it should have carried, or null
     * @param why for people and for the recipients
     * @param forever whether it will not change by itself
     */
    void refused(@Nullable Transfer transfer, Reply why, boolean forever);

    /**
     * The connection can carry something.
     *
     * @param connection which
     */
    void ready(Connection connection);

    /**
     * A connection has sent a message and can take the commands of another before the answer comes.
     *
     * @param connection which
     * @return what it shall carry next; null for nothing yet: something may be {@link Connection#attach attached} later
     */
    @Nullable
    Transfer following(Connection connection);

    /** A connection was lost after a message and the commands of another were sent in one group. */
    void lostInGroup();

    /**
     * The connection was not used for a while. Ends it, unless it is taken just now.
     *
     * @param connection which
     */
    void expired(Connection connection);

    /**
     * A transfer must go another way: over a fresh connection, or back.
     *
     * @param transfer untouched as yet
     */
    void again(Transfer transfer);

    /**
     * The connection is closed; the last call.
     *
     * @param connection which
     */
    void gone(Connection connection);
}
