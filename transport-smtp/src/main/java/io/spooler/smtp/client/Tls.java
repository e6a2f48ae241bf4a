package io.spooler.smtp.client;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.spooler.settings.SettingsException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes the TLS side of connections, by Java's own implementation, TLS 1.2 and newer. Any thread. */
final class Tls {

    private final ClientSettings settings;
    private final @Nullable SslContext context;

    private Tls(ClientSettings settings, @Nullable SslContext context) {
        this.settings = settings;
        this.context = context;
    }

    /**
     * Loads what is needed.
     *
     * @param settings say what is wanted
     * @return ready to use
     * @throws SettingsException if the certificates cannot be used
     */
    static Tls of(ClientSettings settings) throws SettingsException {
        if (settings.tls().policy() == TlsPolicy.NONE) {
            return new Tls(settings, null);
        }
        try {
            return new Tls(settings, builder(settings).build());
        } catch (SSLException | IllegalArgumentException e) {
            throw new SettingsException(List.of(ClientSettings.PID
                    + ": tls_ca, tls_certificate or tls_key is not allowed; allowed are files in PEM form: "
                    + e.getMessage()));
        }
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
        if (tls.policy() != TlsPolicy.VERIFY) {
            return builder.trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm(null);
        }
        if (tls.ca() != null) {
            builder.trustManager(tls.ca().toFile());
        }
        return builder.endpointIdentificationAlgorithm("HTTPS");
    }

    /** A handler for one connection, which names the host (SNI) and, if wanted, checks it. */
    SslHandler handler(ByteBufAllocator memory, Endpoint endpoint) {
        if (context == null) {
            throw new IllegalStateException("tls=none");
        }
        SslHandler handler =
                context.newHandler(memory, endpoint.host(), endpoint.address().getPort());
        handler.setHandshakeTimeoutMillis(settings.connectTimeout().toMillis());
        return handler;
    }
}
