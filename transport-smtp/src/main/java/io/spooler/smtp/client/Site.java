package io.spooler.smtp.client;

import io.spooler.smtp.net.EventLoops;
import io.spooler.transport.TokenSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all connections to one destination under one version of the settings share.
 *
 * @param name of the transport, for logs
 * @param settings as configured
 * @param destination the domain for direct delivery, else empty
 * @param finder finds its servers
 * @param rests knows servers that were out of reach
 * @param tls made of them
 * @param loops where connections live
 * @param resolver has a thread for what blocks
 * @param tokens finds a supplier of tokens by its name
 * @param health hears how it went
 * @param tracer hears what is said
 */
record Site(
        String name,
        ClientSettings settings,
        String destination,
        Finder finder,
        Rests rests,
        Tls tls,
        EventLoops loops,
        Resolver resolver,
        Function<String, @Nullable TokenSupplier> tokens,
        Health health,
        Tracer tracer) {

    /** For logs and replies. */
    String server() {
        return destination.isEmpty() ? settings.server() : destination;
    }
}
