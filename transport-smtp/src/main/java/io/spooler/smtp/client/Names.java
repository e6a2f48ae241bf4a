package io.spooler.smtp.client;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What direct delivery asks the domain name system. Any thread; does not block. */
interface Names {

    /**
     * A mail exchanger (RFC 5321 section 5.1).
     *
     * @param preference the lower, the earlier
     * @param host its name without a dot at the end; empty in a null MX (RFC 7505)
     */
    record Exchanger(int preference, String host) {}

    /**
     * The mail exchangers of a domain.
     *
     * @param domain in ASCII
     * @return completes with all, perhaps none; exceptionally with {@link Unroutable}
     */
    CompletionStage<List<Exchanger>> exchangers(String domain);

    /**
     * Text records.
     *
     * @param name in ASCII
     * @return completes with each record, its strings joined; perhaps none; exceptionally with {@link Unroutable}
     */
    CompletionStage<List<String>> texts(String name);

    /**
     * The addresses of a host.
     *
     * @param host in ASCII
     * @return completes with at least one; exceptionally with {@link Unroutable}
     */
    CompletionStage<List<InetAddress>> addresses(String host);
}
