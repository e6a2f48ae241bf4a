package io.spooler.smtp.client;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a server can be reached.
 *
 * @param host its name, or address, as it was asked for: what a certificate must name
 * @param address where to connect
 * @param demand what its domain wants of encryption, or null for what the settings want
 */
record Endpoint(
        String host, InetSocketAddress address, @Nullable Demand demand) {

    /** As the settings want. */
    Endpoint(String host, InetSocketAddress address) {
        this(host, address, null);
    }

    Endpoint with(Demand other) {
        return new Endpoint(host, address, other);
    }

    /** What the certificate must match, or null where that is not by DANE. */
    @Nullable
    TlsaSet tlsa() {
        return demand == null ? null : demand.tlsa();
    }

    /** For logs and status. */
    @Override
    public String toString() {
        return host + ":" + address.getPort();
    }
}
