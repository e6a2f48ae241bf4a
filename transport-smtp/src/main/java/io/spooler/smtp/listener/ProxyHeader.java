package io.spooler.smtp.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in front of the session of a load balancer, and takes the header in which that says who its client is (PROXY
 * protocol). Then the session begins, and this handler goes. What is no header, or comes too late, ends the connection.
 * Only for peers that the settings name: anybody else could claim to be anybody.
 */
final class ProxyHeader extends ByteToMessageDecoder {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeader.class);
    private static final int PATIENCE_SECONDS = 10;

    private final Function<InetAddress, ChannelHandler> session;

    /** What begins behind the header, for a client at an address. */
    ProxyHeader(Function<InetAddress, ChannelHandler> session) {
        this.session = session;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.executor().schedule(() -> giveUp(ctx), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void giveUp(ChannelHandlerContext ctx) {
        if (!ctx.isRemoved()) {
            ctx.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        InetAddress own = ((InetSocketAddress) ctx.channel().remoteAddress()).getAddress();
        ProxyParser.Result result = ProxyParser.parse(in, own);
        InetAddress client = result.client();
        if (client != null) {
            begin(ctx, client);
        } else if (result.isWrong()) {
            LOG.debug("{}: no PROXY header, closing", own);
            in.skipBytes(in.readableBytes());
            ctx.close();
        }
    }

    private void begin(ChannelHandlerContext ctx, InetAddress client) {
        ctx.pipeline().addLast(Session.NAME, session.apply(client));
        ctx.fireChannelActive();
        // What came behind the header goes to the session.
        ctx.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("connection of a load balancer failed: {}", cause.toString());
        ctx.close();
    }
}
