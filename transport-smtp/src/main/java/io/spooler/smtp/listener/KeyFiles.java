package io.spooler.smtp.listener;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where the certificate of a listener and its private key are: in PEM files, the key as PKCS #8, or in a PKCS #12 file.
 *
 * @param certificate the certificate and those above it, or the PKCS #12 file
 * @param key the private key; the same file where none was named
 * @param password of the key or of the PKCS #12 file; null if there is none
 */
record KeyFiles(Path certificate, Path key, @Nullable String password) {

    private static final String PEM = "-----BEGIN ";

    /** What tells one state of the files from another. */
    record Stamp(long certificate, long certificateSize, long key, long keySize) {}

    /** Asks the file system; changes when one of the files does. */
    Stamp stamp() throws IOException {
        return new Stamp(
                Files.getLastModifiedTime(certificate).toMillis(),
                Files.size(certificate),
                Files.getLastModifiedTime(key).toMillis(),
                Files.size(key));
    }

    /**
     * Reads the files, for TLS 1.2 and newer by Java's own implementation.
     *
     * @throws IOException if one cannot be read
     * @throws GeneralSecurityException if there is no key in them that can be used
     */
    SslContext load() throws IOException, GeneralSecurityException {
        try {
            return builder()
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException(e.getMessage(), e);
        }
    }

    private SslContextBuilder builder() throws IOException, GeneralSecurityException {
        if (isPem()) {
            return SslContextBuilder.forServer(certificate.toFile(), key.toFile(), password);
        }
        char[] secret = password == null ? new char[0] : password.toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificate)) {
            store.load(in, secret);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, secret);
        return SslContextBuilder.forServer(keys);
    }

    private boolean isPem() throws IOException {
        return new String(Files.readAllBytes(certificate), StandardCharsets.ISO_8859_1).contains(PEM);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return certificate.equals(key) ? certificate.toString() : certificate + ", " + key;
    }
}
