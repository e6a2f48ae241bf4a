package io.spooler.smtp.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The few threads on which all connections of this bundle live. Epoll where its native library is there, NIO elsewhere.
 *
 * <p>Owns the threads {@code spooler-smtp-N}; they end when the component is deactivated. Thread-safe.
 */
@Component(service = EventLoops.class)
public final class EventLoops {

    private static final int MAX_LOOPS = 2;
    private static final int STOP_SECONDS = 2;

    private final boolean epoll = hasEpoll();
    private final EventLoopGroup group;

    /** Opens the loops; a thread starts with its first connection. */
    @Activate
    public EventLoops() {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory threads = task -> new Thread(task, "spooler-smtp-" + number.incrementAndGet());
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        int loops = Math.min(MAX_LOOPS, Runtime.getRuntime().availableProcessors());
        this.group = new MultiThreadIoEventLoopGroup(loops, threads, io);
    }

    private static boolean hasEpoll() {
        try {
            return Epoll.isAvailable();
        } catch (LinkageError absent) {
            return false;
        }
    }

    /**
     * The loops.
     *
     * @return always the same group; not to be shut down by the caller
     */
    public EventLoopGroup group() {
        return group;
    }

    /**
     * The class of a client's channel on these loops.
     *
     * @return a class
     */
    public Class<? extends SocketChannel> socketType() {
        return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /**
     * The class of a listening channel on these loops.
     *
     * @return a class
     */
    public Class<? extends ServerSocketChannel> serverType() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** Ends the threads; waits at most a few seconds for them. */
    @Deactivate
    public void close() {
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_SECONDS + 1L, TimeUnit.SECONDS);
    }
}
