package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.spooler.Reply;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way to the server of one connection: the endpoints that may be tried, and the channel to one of them. One event
 * loop.
 */
final class Link {

    private static final AtomicLong SESSIONS = new AtomicLong();

    private final Site site;
    private final EventLoop loop;
    private final Connection connection;
    private final String session = Long.toString(SESSIONS.incrementAndGet());
    private List<Endpoint> endpoints = List.of();
    private int at;
    private @Nullable Channel channel;
    private @Nullable ReplyDecoder decoder;

    Link(Site site, EventLoop loop, Connection connection) {
        this.site = site;
        this.loop = loop;
        this.connection = connection;
    }

    /**
     * Looks for the servers.
     *
     * @param found hears that there are some
     * @param failed hears why there are none
     */
    void find(Runnable found, Consumer<Unroutable> failed) {
        site.finder()
                .find()
                .whenCompleteAsync(
                        (all, error) -> {
                            if (all == null) {
                                failed.accept(
                                        Unroutable.of(error == null ? new IllegalStateException("nothing") : error));
                            } else {
                                endpoints = site.rests().order(all);
                                found.run();
                            }
                        },
                        loop);
    }

    /** The server of the moment. */
    Endpoint endpoint() {
        return endpoints.get(at);
    }

    /** What is wanted of encryption with the server of the moment. */
    TlsPolicy policy() {
        Demand own = endpoint().demand();
        return own == null ? site.settings().tls().policy() : own.policy();
    }

    /** Who wants that, where it is not the settings, for the end of a sentence. */
    String because() {
        Demand own = endpoint().demand();
        return own == null ? "" : " (" + own.reason() + ")";
    }

    boolean hasNext() {
        return at + 1 < endpoints.size();
    }

    /** From now on it is the next server. */
    void next() {
        at++;
    }

    /** The server could not be used. */
    void failed() {
        if (!endpoints.isEmpty()) {
            site.rests().failed(endpoint());
        }
    }

    /**
     * Opens a channel to the server of the moment; the one before, if any, is given up.
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
        new Dialer(site, loop, this::handlers, opened -> use(opened, connected), failed)
                .dial(endpoint().address());
    }

    /** For a channel to the server of the moment. */
    ChannelHandler[] handlers() {
        ReplyDecoder fresh = new ReplyDecoder();
        decoder = fresh;
        return new ChannelHandler[] {fresh, new Wire(connection)};
    }

    /** Goes over a channel that has these handlers. */
    void use(Channel opened, Runnable connected) {
        channel = opened;
        tell("connected to " + opened.remoteAddress());
        Demand demand = endpoint().demand();
        if (demand != null) {
            tell("TLS policy for " + endpoint() + ": " + demand);
        }
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

    /** Whether somebody watches; else nothing need be said. */
    boolean isWatched() {
        return site.tracer().isWatched(site.destination());
    }

    /** Says what happens to those who watch. */
    void tell(String text) {
        if (isWatched()) {
            site.tracer().tell(site.destination(), session, text);
        }
    }

    void tell(ServerReply reply) {
        if (isWatched()) {
            site.tracer().tellReply(site.destination(), session, reply);
        }
    }

    /**
     * Sends commands, in one write.
     *
     * @param shown what those who watch see in their place; null for the commands themselves
     */
    void send(ByteBuf commands, @Nullable String shown) {
        if (shown != null) {
            tell("> " + shown);
        } else if (isWatched()) {
            site.tracer().tellCommands(site.destination(), session, commands);
        }
        channel().writeAndFlush(commands);
    }

    /** Whether the server spoke ahead of TLS, which would be taken as said under TLS. */
    boolean hasUnreadInput() {
        return decoder != null && decoder.hasMore();
    }

    void encrypt(Consumer<Future<Channel>> then) {
        SslHandler handler = site.tls().handler(channel().alloc(), endpoint(), policy());
        handler.handshakeFuture().addListener((Future<Channel> result) -> then.accept(result));
        channel().pipeline().addFirst(handler);
    }

    /** Why the server that was just encrypted with is not the one wanted; empty if it is. */
    Optional<String> fault() {
        SslHandler handler = channel().pipeline().get(SslHandler.class);
        return site.tls().fault(handler.engine().getSession(), endpoint());
    }

    void close() {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public String toString() {
        return site.name() + ' ' + (channel == null ? site.server() : channel.toString());
    }
}
