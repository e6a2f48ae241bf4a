package io.spooler.smtp.listener;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.spooler.settings.ConfigName;
import io.spooler.settings.SettingsException;
import io.spooler.transport.Consignment;
import io.spooler.transport.Outcome;
import io.spooler.transport.TraceEntry;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener: its settings, its port, its sessions. As a transport it takes no recipients; it is one for its status.
 *
 * <p>{@link #apply} and {@link #close} are called one at a time and block for a few seconds at most; everything else
 * may be called from any thread. The connections live on the event loops that are given, which it does not end.
 */
final class Listener implements TransportProvider, AutoCloseable {

    /** Name of the configuration factory. */
    static final String PID = "io.spooler.smtp.listener";

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final Duration BIND_TIME = Duration.ofSeconds(3);
    private static final int BACKLOG = 1024;

    private final Duration grace;
    private final Sessions sessions = new Sessions();
    private final Port port;
    private volatile @Nullable ListenerSettings settings;
    private volatile TransportStatus status = new TransportStatus(Condition.FAILED, "not started");

    /**
     * A listener that does not listen yet.
     *
     * @param group the event loops
     * @param type of the server channel
     * @param services what sessions need
     * @param moved hears where it listens, {@code host:port} or an empty text, on an event loop
     * @param grace how long messages in progress may take when it closes
     */
    Listener(
            EventLoopGroup group,
            Class<? extends ServerSocketChannel> type,
            Services services,
            Consumer<String> moved,
            Duration grace) {
        this.grace = grace;
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        ListenerSettings present = settings;
                        InetSocketAddress peer = channel.remoteAddress();
                        if (present == null || peer == null) {
                            channel.close();
                        } else {
                            begin(channel, peer.getAddress(), present, services);
                        }
                    }
                });
        this.port = new Port(bootstrap, type, group.next(), (bound, problem) -> {
            String where = bound == null ? "" : ListenerSettings.show(bound);
            status = bound == null
                    ? new TransportStatus(Condition.FAILED, String.valueOf(problem))
                    : new TransportStatus(
                            Condition.AVAILABLE, "listening on " + where + (problem == null ? "" : "; " + problem));
            moved.accept(where);
        });
    }

    private void begin(SocketChannel channel, InetAddress peer, ListenerSettings present, Services services) {
        if (present.isProxy(peer)) {
            channel.pipeline()
                    .addLast(new ProxyHeader(client -> new Session(present, sessions, services, channel, client)));
        } else {
            channel.pipeline().addLast(Session.NAME, new Session(present, sessions, services, channel, peer));
        }
    }

    /**
     * Takes settings: limits for new sessions, another address at once. Wrong ones are logged and change nothing; where
     * there are none yet, the listener stays up and says so in its status.
     *
     * @param properties of the component
     */
    void apply(Map<String, ?> properties) {
        try {
            ListenerSettings next = ListenerSettings.read(PID, properties);
            settings = next;
            await(port.want(next.address(), ConfigName.file(PID, properties)), BIND_TIME);
        } catch (SettingsException e) {
            LOG.error("{}", e.getMessage());
            if (settings == null) {
                status = new TransportStatus(Condition.FAILED, String.valueOf(e.getMessage()));
            }
        }
    }

    /** Refuses new connections, lets messages in progress end within the grace, and closes the rest. */
    @Override
    public void close() {
        await(port.close(), BIND_TIME);
        if (!await(sessions.stop(), grace)) {
            LOG.warn("closing {} sessions in the middle of a message; nothing of those was accepted", sessions.size());
            sessions.abort();
        }
        sessions.watchers().close();
    }

    private static boolean await(CompletableFuture<Boolean> what, Duration time) {
        try {
            return what.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public Set<Operation> operations() {
        return EnumSet.of(Operation.INBOUND, Operation.VALIDATE);
    }

    @Override
    public TransportStatus status() {
        return status;
    }

    /** The lanes are the addresses of clients. */
    @Override
    public Optional<Runnable> trace(@Nullable String lane, Consumer<TraceEntry> watcher) {
        return Optional.of(sessions.watchers().add(lane, watcher));
    }

    @Override
    public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
        Outcome notMine = new Outcome.NotMine();
        return CompletableFuture.completedFuture(
                Collections.nCopies(consignment.recipients().size(), notMine));
    }
}
