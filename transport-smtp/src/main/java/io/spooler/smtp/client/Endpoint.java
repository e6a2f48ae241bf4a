package io.spooler.smtp.client;

import java.net.InetSocketAddress;

/**
 * Where a server can be reached.
 *
 * @param host its name, or address, as it was asked for: what a certificate must name
 * @param address where to connect
 */
record Endpoint(String host, InetSocketAddress address) {

    /** For logs and status. */
    @Override
    public String toString() {
        return host + ":" + address.getPort();
    }
}
