package io.spooler.smtp.client;

import io.spooler.smtp.client.Names.Exchanger;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What DANE asks the domain name system, which says whether an answer is authentic (RFC 7672 section 2.1). An answer that is
 * forged is a failure. Any thread; does not block.
 */
interface SecureNames {

    /**
     * An answer.
     *
     * @param values what was found, perhaps nothing
     * @param name where, behind all aliases
     * @param isSecure whether the answer is authentic, with all aliases
     */
    record Found<T>(List<T> values, String name, boolean isSecure) {}

    /**
     * The mail exchangers of a domain.
     *
     * @param domain in ASCII
     * @return completes with all, perhaps none; exceptionally with {@link Unroutable}
     */
    CompletionStage<Found<Exchanger>> exchangers(String domain);

    /**
     * The addresses of a host.
     *
     * @param host in ASCII
     * @return completes with at least one; exceptionally with {@link Unroutable}
     */
    CompletionStage<Found<InetAddress>> addresses(String host);

    /**
     * The TLSA records of a service.
     *
     * @param service port, protocol and host: {@code _25._tcp.mail.example.org}
     * @return completes with all, perhaps none; exceptionally with {@link Unroutable}
     */
    CompletionStage<Found<Tlsa>> tlsa(String service);

    /**
     * Whether a name is an alias, and that is authentic whatever it leads to.
     *
     * @param host in ASCII
     * @return completes with the answer; exceptionally with {@link Unroutable}
     */
    CompletionStage<Boolean> isSecureAlias(String host);
}
