package io.spooler.smtp.client;

import io.spooler.Reply;

/** Has nothing to carry; also the last phase, of a connection that is closed. */
final class Idle implements Phase {

    private final Connection connection;

    Idle(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void reply(ServerReply reply) {
        // Nothing was asked, so it can only be 421 or confusion.
        connection.end(reply.toReply());
    }

    @Override
    public void lost(Reply why) {
        // No message was with it; the next one gets another connection.
    }

    @Override
    public void drop() {
        // Nothing is here.
    }
}
