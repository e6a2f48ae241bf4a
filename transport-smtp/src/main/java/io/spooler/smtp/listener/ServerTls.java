package io.spooler.smtp.listener;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.spooler.Reply;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS side of a listener. Looks at its files before each handshake and reads them again when they have changed; files
 * that cannot be used leave the former certificate in place, and are named in the log once. Thread-safe; reads files.
 */
final class ServerTls {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private final TlsMode mode;
    private final KeyFiles files;
    private SslContext context;
    private KeyFiles.@Nullable Stamp seen;

    /**
     * Reads the files for the first time.
     *
     * @throws IOException if they cannot be read
     * @throws GeneralSecurityException if they cannot be used
     */
    ServerTls(TlsMode mode, KeyFiles files) throws IOException, GeneralSecurityException {
        this.mode = mode;
        this.files = files;
        this.seen = files.stamp();
        this.context = files.load();
    }

    TlsMode mode() {
        return mode;
    }

    /** A handler for one connection, which has so long for its handshake. */
    SslHandler handler(ByteBufAllocator memory, Duration patience) {
        SslHandler handler = current().newHandler(memory);
        handler.setHandshakeTimeoutMillis(patience.toMillis());
        return handler;
    }

    private synchronized SslContext current() {
        KeyFiles.Stamp present = null;
        try {
            present = files.stamp();
            if (!present.equals(seen)) {
                context = files.load();
                LOG.info("certificate read again: {}", files);
            }
        } catch (IOException | GeneralSecurityException e) {
            if (present == null ? seen != null : !present.equals(seen)) {
                String reason = Reply.clean(String.valueOf(e.getMessage()));
                LOG.error("certificate cannot be read again, the former one stays: {}: {}", files, reason);
            }
        }
        seen = present;
        return context;
    }
}
