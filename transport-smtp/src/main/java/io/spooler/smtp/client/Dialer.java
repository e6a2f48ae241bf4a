package io.spooler.smtp.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.spooler.Reply;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Opens one channel to one address. Calls back on the event loop, once. */
final class Dialer {

    private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final Site site;
    private final EventLoop loop;
    private final Supplier<ChannelHandler[]> handlers;
    private final Consumer<Channel> connected;
    private final Consumer<Reply> failed;

    Dialer(
            Site site,
            EventLoop loop,
            Supplier<ChannelHandler[]> handlers,
            Consumer<Channel> connected,
            Consumer<Reply> failed) {
        this.site = site;
        this.loop = loop;
        this.handlers = handlers;
        this.connected = connected;
        this.failed = failed;
    }

    void dial(InetSocketAddress address) {
        bootstrap().connect(address).addListener((ChannelFuture result) -> {
            if (result.isSuccess()) {
                connected.accept(result.channel());
            } else {
                failed.accept(new Reply("4.4.1", unreachable(address, result.cause())));
            }
        });
    }

    /** Netty's texts differ between NIO and epoll; what they share is the system's word. */
    private static String unreachable(InetSocketAddress address, Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        String reason = text.replaceFirst("^.*error\\(-?\\d+\\): ", "").replaceFirst(": [^ ]*/.*$", "");
        return "cannot connect to " + address.getAddress().getHostAddress() + ":" + address.getPort() + ": " + reason;
    }

    private Bootstrap bootstrap() {
        return new Bootstrap()
                .group(loop)
                .channel(site.loops().socketType())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        site.settings().connectTimeout().toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(handlers.get());
                    }
                });
    }
}
