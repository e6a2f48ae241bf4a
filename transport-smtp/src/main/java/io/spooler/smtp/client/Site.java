package io.spooler.smtp.client;

import io.spooler.smtp.net.EventLoops;
import io.spooler.transport.TokenSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all connections under one version of the settings share.
 *
 * @param name of the transport, for logs
 * @param settings as configured
 * @param tls made of them
 * @param loops where connections live
 * @param resolver finds the server
 * @param tokens finds a supplier of tokens by its name
 * @param health hears how it went
 */
record Site(
        String name,
        ClientSettings settings,
        Tls tls,
        EventLoops loops,
        Resolver resolver,
        Function<String, @Nullable TokenSupplier> tokens,
        Health health) {}
