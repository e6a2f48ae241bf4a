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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens one channel: looks the host up, then tries its addresses in turn. Calls back on the event loop, once. */
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

    void dial() {
        site.resolver().resolve(site.settings().host()).whenCompleteAsync(this::resolved, loop);
    }

    private void resolved(@Nullable List<InetAddress> addresses, @Nullable Throwable error) {
        if (addresses == null) {
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            failed.accept(new Reply("4.4.3", "cannot look up " + site.settings().host() + ": " + cause));
        } else {
            connect(addresses, 0);
        }
    }

    private void connect(List<InetAddress> addresses, int index) {
        InetSocketAddress address =
                new InetSocketAddress(addresses.get(index), site.settings().port());
        bootstrap().connect(address).addListener((ChannelFuture result) -> {
            if (result.isSuccess()) {
                connected.accept(result.channel());
            } else if (index + 1 < addresses.size()) {
                connect(addresses, index + 1);
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
