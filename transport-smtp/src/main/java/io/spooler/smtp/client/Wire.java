package io.spooler.smtp.client;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.spooler.Reply;

/** The end of the pipeline of one channel: tells its connection what happens there. */
final class Wire extends ChannelInboundHandlerAdapter {

    private final Connection connection;

    Wire(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (connection.link().isCurrent(ctx.channel()) && message instanceof ServerReply reply) {
            connection.received(reply);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (connection.link().isCurrent(ctx.channel()) && ctx.channel().isWritable()) {
            connection.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (connection.link().isCurrent(ctx.channel())) {
            connection.end(new Reply("4.4.2", "connection closed by " + connection.server()));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (connection.link().isCurrent(ctx.channel())) {
            Throwable reason = cause.getCause() == null ? cause : cause.getCause();
            connection.end(new Reply("4.4.2", connection.server() + ": " + reason.getMessage()));
        }
    }
}
