package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.spooler.Reply;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The channel of one connection, which may be dialled more than once. One event loop. */
final class Link {

    private final Site site;
    private final EventLoop loop;
    private final Connection connection;
    private @Nullable Channel channel;
    private @Nullable ReplyDecoder decoder;

    Link(Site site, EventLoop loop, Connection connection) {
        this.site = site;
        this.loop = loop;
        this.connection = connection;
    }

    /**
     * Opens a channel; the one before, if any, is given up.
     *
     * @param connected hears that it is open
     * @param failed hears why it cannot be had
     */
    void dial(Runnable connected, Consumer<Reply> failed) {
        Channel former = channel;
        channel = null;
        if (former != null) {
            former.close();
        }
        new Dialer(site, loop, this::handlers, opened -> use(opened, connected), failed).dial();
    }

    private ChannelHandler[] handlers() {
        ReplyDecoder fresh = new ReplyDecoder();
        decoder = fresh;
        return new ChannelHandler[] {fresh, new Wire(connection)};
    }

    private void use(Channel opened, Runnable connected) {
        channel = opened;
        connected.run();
    }

    Channel channel() {
        Channel current = channel;
        if (current == null) {
            throw new IllegalStateException("not connected");
        }
        return current;
    }

    /** Whether the channel is ours still; what comes from one that was given up is passed over. */
    boolean isCurrent(Channel candidate) {
        return candidate == channel;
    }

    boolean isLoopback() {
        return channel().remoteAddress() instanceof InetSocketAddress remote
                && remote.getAddress().isLoopbackAddress();
    }

    /** Sends commands, in one write. */
    void send(ByteBuf commands) {
        channel().writeAndFlush(commands);
    }

    /** Whether the server spoke ahead of TLS, which would be taken as said under TLS. */
    boolean hasUnreadInput() {
        return decoder != null && decoder.hasMore();
    }

    void encrypt(Consumer<Future<Channel>> then) {
        SslHandler handler = site.tls().handler(channel().alloc());
        handler.handshakeFuture().addListener((Future<Channel> result) -> then.accept(result));
        channel().pipeline().addFirst(handler);
    }

    void close() {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public String toString() {
        return site.name() + ' ' + (channel == null ? site.settings().server() : channel.toString());
    }
}
