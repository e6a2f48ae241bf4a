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
 * The network threads of this bundle: at most two, {@code spooler-smtp-1} and {@code -2}, started when first needed,
 * ended with this component. Epoll where its classes and its native library are there, else NIO.
 */
@Component(service = EventLoops.class)
public final class EventLoops {

    private static final int MOST = 2;
    private static final int CLOSE_SECONDS = 5;

    private final boolean epoll;
    private final EventLoopGroup group;

    /** Starts no thread yet. */
    @Activate
    public EventLoops() {
        epoll = hasEpoll();
        AtomicInteger number = new AtomicInteger();
        ThreadFactory threads = task -> thread(task, "spooler-smtp-" + number.incrementAndGet());
        int loops = Math.min(MOST, Runtime.getRuntime().availableProcessors());
        group = new MultiThreadIoEventLoopGroup(loops, threads, epoll ? Native.handlers() : NioIoHandler.newFactory());
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        // Else it would be as the thread that happens to start it.
        thread.setDaemon(true);
        return thread;
    }

    private static boolean hasEpoll() {
        try {
            return Native.isAvailable();
        } catch (LinkageError absent) {
            return false;
        }
    }

    /**
     * The loops.
     *
     * @return all of them; never to be shut down by the caller
     */
    public EventLoopGroup group() {
        return group;
    }

    /**
     * The kind of channel that connects.
     *
     * @return fits the loops
     */
    public Class<? extends SocketChannel> socketType() {
        return epoll ? Native.socket() : NioSocketChannel.class;
    }

    /**
     * The kind of channel that listens.
     *
     * @return fits the loops
     */
    public Class<? extends ServerSocketChannel> serverType() {
        return epoll ? Native.server() : NioServerSocketChannel.class;
    }

    /** Closes what is left open and ends the threads, within five seconds. */
    @Deactivate
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    /** Apart, because its classes are optional: it is loaded only where they are used. */
    private static final class Native {

        static boolean isAvailable() {
            return Epoll.isAvailable();
        }

        static IoHandlerFactory handlers() {
            return EpollIoHandler.newFactory();
        }

        static Class<? extends SocketChannel> socket() {
            return EpollSocketChannel.class;
        }

        static Class<? extends ServerSocketChannel> server() {
            return EpollServerSocketChannel.class;
        }
    }
}
