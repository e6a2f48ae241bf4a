package io.spooler.smtp.client;

import io.spooler.Reply;

/** Not connected yet. */
final class Dialing implements Phase {

    private final Connection connection;

    Dialing(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void reply(ServerReply reply) {
        throw new IllegalStateException("a reply before the connection");
    }

    @Override
    public void lost(Reply why) {
        connection.refused(why);
    }

    @Override
    public void drop() {
        connection.handBack();
    }

    @Override
    public boolean isBeforeSession() {
        return true;
    }
}
