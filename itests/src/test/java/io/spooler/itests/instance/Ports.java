package io.spooler.itests.instance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports that nobody uses at present, on the loopback address. */
final class Ports {

    private Ports() {}

    /** 127.0.0.1, whatever Java prefers. */
    static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    static int free() throws IOException {
        try (ServerSocket socket = taken()) {
            return socket.getLocalPort();
        }
    }

    /** A port that stays in use until it is closed. */
    static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 50, loopback());
    }
}
