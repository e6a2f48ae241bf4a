package io.spooler.smtp.client;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.spooler.settings.SettingsException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Makes the TLS side of connections, by Java's own implementation, TLS 1.2 and newer. Any thread. */
final class Tls {

    private final ClientSettings settings;
    private final Clock clock;
    private final @Nullable SslContext lax;
    private final @Nullable SslContext strict;

    private Tls(ClientSettings settings, Clock clock, @Nullable SslContext lax, @Nullable SslContext strict) {
        this.settings = settings;
        this.clock = clock;
        this.lax = lax;
        this.strict = strict;
    }

    /**
     * Loads what is needed.
     *
     * @param settings say what is wanted
     * @param clock tells what has expired
     * @return ready to use
     * @throws SettingsException if the certificates cannot be used
     */
    static Tls of(ClientSettings settings, Clock clock) throws SettingsException {
        TlsPolicy policy = settings.tls().policy();
        try {
            return new Tls(
                    settings,
                    clock,
                    policy == TlsPolicy.NONE || policy == TlsPolicy.VERIFY
                            ? null
                            : builder(settings)
                                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                                    .endpointIdentificationAlgorithm(null)
                                    .build(),
                    policy == TlsPolicy.VERIFY || policy.asksForSts() ? strict(settings) : null);
        } catch (SSLException | IllegalArgumentException e) {
            throw new SettingsException(List.of(ClientSettings.PID
                    + ": tls_ca, tls_certificate or tls_key is not allowed; allowed are files in PEM form: "
                    + e.getMessage()));
        }
    }

    private static SslContext strict(ClientSettings settings) throws SSLException {
        SslContextBuilder builder = builder(settings).endpointIdentificationAlgorithm("HTTPS");
        if (settings.tls().ca() != null) {
            builder.trustManager(settings.tls().ca().toFile());
        }
        return builder.build();
    }

    private static SslContextBuilder builder(ClientSettings settings) {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2");
        TlsSettings tls = settings.tls();
        if (tls.certificate() != null && tls.key() != null) {
            String password =
                    tls.keyPassword().isEmpty() ? null : tls.keyPassword().reveal();
            builder.keyManager(tls.certificate().toFile(), tls.key().toFile(), password);
        }
        return builder;
    }

    /**
     * A handler for one connection, which names the host (SNI) and, if wanted, checks it. What TLSA records want is to be checked
     * behind the handshake, by {@link #fault}: a session that is resumed shows no certificates of its own.
     *
     * @param policy what is wanted of this host
     */
    SslHandler handler(ByteBufAllocator memory, Endpoint endpoint, TlsPolicy policy) {
        TlsaSet tlsa = endpoint.tlsa();
        SslContext context = policy == TlsPolicy.VERIFY && tlsa == null ? strict : lax;
        if (context == null) {
            throw new IllegalStateException("tls=none");
        }
        String name = tlsa == null ? endpoint.host() : tlsa.base();
        SslHandler handler = context.newHandler(memory, name, endpoint.address().getPort());
        handler.setHandshakeTimeoutMillis(settings.connectTimeout().toMillis());
        return handler;
    }

    /**
     * Looks at the certificates of a server behind the handshake, where TLSA records vouch for them.
     *
     * @param session which was established
     * @param endpoint with which server
     * @return why it is not the one wanted, for people; empty if it is, or if that is no matter of TLSA records
     */
    Optional<String> fault(SSLSession session, Endpoint endpoint) {
        TlsaSet tlsa = endpoint.tlsa();
        try {
            return tlsa == null ? Optional.empty() : tlsa.fault(chain(session.getPeerCertificates()), clock.instant());
        } catch (SSLPeerUnverifiedException e) {
            return Optional.of("it shows no certificate");
        }
    }

    private static List<X509Certificate> chain(Certificate[] shown) {
        return Stream.of(shown)
                .filter(X509Certificate.class::isInstance)
                .map(X509Certificate.class::cast)
                .toList();
    }

    /** For what else is to be trusted like a mail exchanger that is verified. */
    SSLContext trust() {
        if (strict instanceof JdkSslContext java) {
            return java.context();
        }
        throw new IllegalStateException("nothing is verified");
    }
}
