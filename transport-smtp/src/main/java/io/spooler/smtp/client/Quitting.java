package io.spooler.smtp.client;

import io.spooler.Reply;

/** QUIT was sent: the server has a moment to answer. */
final class Quitting implements Phase {

    private final Connection connection;

    Quitting(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void reply(ServerReply reply) {
        connection.end(reply.toReply());
    }

    @Override
    public void lost(Reply why) {
        // That was wanted.
    }

    @Override
    public void drop() {
        // Nothing is here.
    }
}
