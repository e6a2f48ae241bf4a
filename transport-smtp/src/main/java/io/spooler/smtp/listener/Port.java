package io.spooler.smtp.listener;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one server socket open where the settings want it. A move opens the new socket first and keeps the old one if
 * that fails; without an old one it tries again every few seconds, and logs only the first failure.
 *
 * <p>State changes happen on one event loop; the methods may be called from any thread and do not block.
 */
final class Port {

    /** Hears of every change, on the event loop. */
    interface Watcher {

        /**
         * The port is as told.
         *
         * @param bound where it listens, or null
         * @param problem why it does not listen where it should, for people, or null
         */
        void changed(@Nullable InetSocketAddress bound, @Nullable String problem);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Port.class);
    private static final long RETRY_SECONDS = 2;

    private final ServerBootstrap bootstrap;
    private final Class<? extends ServerSocketChannel> type;
    private final EventLoop loop;
    private final Watcher watcher;

    private @Nullable Channel open;
    private @Nullable InetSocketAddress openFor;
    private @Nullable Wish wish;
    private boolean closed;

    /** Where to listen, and the file that says so. */
    private record Wish(InetSocketAddress address, String file, CompletableFuture<Boolean> tried) {}

    /**
     * Nothing is open yet.
     *
     * @param bootstrap all but the channel
     * @param type of the channel
     */
    Port(ServerBootstrap bootstrap, Class<? extends ServerSocketChannel> type, EventLoop loop, Watcher watcher) {
        this.bootstrap = bootstrap;
        this.type = type;
        this.loop = loop;
        this.watcher = watcher;
    }

    /**
     * Wants to listen there from now on.
     *
     * @param address where; port 0 for any free one
     * @param file the settings file, for messages
     * @return completes after the first try, with its success
     */
    CompletableFuture<Boolean> want(InetSocketAddress address, String file) {
        Wish next = new Wish(address, file, new CompletableFuture<>());
        loop.execute(() -> {
            wish = next;
            InetSocketAddress present = open == null ? null : (InetSocketAddress) open.localAddress();
            if (open != null && (address.equals(openFor) || address.equals(present))) {
                opened(next, open);
            } else if (open != null && present != null && address.getPort() == present.getPort()) {
                replace(next, open, present);
            } else {
                bind(address).addListener((ChannelFuture f) -> loop.execute(() -> tried(next, f, true)));
            }
        });
        return next.tried;
    }

    /** Two addresses may overlap (one may be the wildcard): the old socket has to go first, and comes back on failure. */
    private void replace(Wish next, Channel old, InetSocketAddress oldAddress) {
        open = null;
        openFor = null;
        old.close()
                .addListener(gone -> bind(next.address).addListener((ChannelFuture f) -> {
                    if (f.isSuccess()) {
                        loop.execute(() -> tried(next, f, true));
                    } else {
                        String problem = problem(next, f.cause());
                        bind(oldAddress)
                                .addListener((ChannelFuture back) -> loop.execute(() -> {
                                    if (back.isSuccess()) {
                                        opened(
                                                new Wish(oldAddress, next.file, new CompletableFuture<>()),
                                                back.channel());
                                    }
                                    failed(next, problem, true);
                                }));
                    }
                }));
    }

    private ChannelFuture bind(InetSocketAddress address) {
        return bootstrap
                .clone()
                .channelFactory(() -> ServerChannels.open(type, address.getAddress()))
                .bind(address);
    }

    private void tried(Wish what, ChannelFuture result, boolean first) {
        if (!what.equals(wish) || closed) {
            // A newer wish, or the end, came in between.
            if (result.isSuccess()) {
                result.channel().close();
            }
            what.tried.complete(false);
        } else if (result.isSuccess()) {
            opened(what, result.channel());
        } else {
            failed(what, problem(what, result.cause()), first);
        }
    }

    private void opened(Wish what, Channel channel) {
        if (closed) {
            channel.close();
            what.tried.complete(false);
            return;
        }
        if (open != null && open != channel) {
            open.close();
        }
        open = channel;
        openFor = what.address;
        InetSocketAddress bound = (InetSocketAddress) channel.localAddress();
        LOG.info("listening on {}", ListenerSettings.show(bound));
        watcher.changed(bound, null);
        what.tried.complete(true);
    }

    private void failed(Wish what, String problem, boolean first) {
        if (first) {
            LOG.error("{}", problem);
        }
        if (open == null) {
            loop.schedule(() -> retry(what), RETRY_SECONDS, TimeUnit.SECONDS);
            watcher.changed(null, problem);
        } else {
            watcher.changed((InetSocketAddress) open.localAddress(), problem);
        }
        what.tried.complete(false);
    }

    private void retry(Wish what) {
        if (what.equals(wish) && !closed && open == null) {
            bind(what.address).addListener((ChannelFuture f) -> loop.execute(() -> tried(what, f, false)));
        }
    }

    private static String problem(Wish what, Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        String port = what.file + ": port=" + what.address.getPort() + ": ";
        if (text.contains("in use")) {
            return port + "address already in use; choose another port or stop the other program";
        }
        if (text.contains("denied") || text.contains("not permitted")) {
            return port + "permission denied; choose a port above 1023 or grant CAP_NET_BIND_SERVICE";
        }
        String host = what.address.getAddress().getHostAddress();
        if (text.contains("assign")) {
            return what.file + ": address=" + host + ": not an address of this machine; choose one that is, or 0.0.0.0";
        }
        return what.file + ": address=" + host + ", port=" + what.address.getPort() + ": " + text;
    }

    /** Stops to listen; completes when the socket is closed. */
    CompletableFuture<Boolean> close() {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        loop.execute(() -> {
            closed = true;
            wish = null;
            if (open == null) {
                done.complete(true);
            } else {
                open.close().addListener(f -> done.complete(f.isSuccess()));
            }
        });
        return done;
    }
}
