package io.spooler.smtp.listener;

import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.channels.spi.SelectorProvider;

/**
 * Makes server channels for one address family. Left to itself Netty opens an IPv6 socket for {@code 0.0.0.0}, and
 * listens to more than the settings say.
 */
final class ServerChannels {

    private ServerChannels() {}

    /**
     * Makes a channel that is not bound.
     *
     * @param type what the event loops serve
     * @param address which it will be bound to
     */
    static ServerSocketChannel open(Class<? extends ServerSocketChannel> type, InetAddress address) {
        SocketProtocolFamily family =
                address instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        return type == NioServerSocketChannel.class
                ? new NioServerSocketChannel(SelectorProvider.provider(), family)
                : Epoll.open(family);
    }

    /** Apart, so that it is not loaded where there is no epoll. */
    private static final class Epoll {

        private Epoll() {}

        static ServerSocketChannel open(SocketProtocolFamily family) {
            return new EpollServerSocketChannel(family);
        }
    }
}
