package io.spooler.smtp.client;

import io.spooler.settings.Secret;
import io.spooler.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of encryption.
 *
 * @param policy whether, and with whom
 * @param implicit whether TLS begins with the connection (RFC 8314), not by STARTTLS
 * @param ca file of certificates to trust in place of those of Java, or null
 * @param certificate file of our own certificate and its chain, or null
 * @param key file of the key that belongs to it, or null
 * @param keyPassword opens the key
 */
record TlsSettings(
        TlsPolicy policy,
        boolean implicit,
        @Nullable Path ca,
        @Nullable Path certificate,
        @Nullable Path key,
        Secret keyPassword) {

    static TlsSettings read(Settings s) {
        TlsPolicy policy =
                TlsPolicy.of(s.choice("tls", "may", "none", "may", "encrypt", "verify", "sts", "dane", "dane_only"));
        boolean implicit = s.flag("tls_implicit", false);
        if (implicit && !policy.isRequired()) {
            s.refuse("tls", policy.word(), "encrypt or verify where tls_implicit is set: there is no clear text");
        }
        TlsSettings read = new TlsSettings(
                policy,
                implicit,
                file(s, "tls_ca", "certificates"),
                file(s, "tls_certificate", "certificates"),
                file(s, "tls_key", "a key"),
                new Secret(s.text("tls_key_password", "")));
        if ((read.certificate == null) != (read.key == null)) {
            s.refuse(
                    read.key == null ? "tls_key" : "tls_certificate",
                    "",
                    "both tls_certificate and tls_key, or neither");
        }
        return read;
    }

    private static @Nullable Path file(Settings s, String key, String what) {
        String file = s.text(key, "");
        if (file.isEmpty()) {
            return null;
        }
        Path path = Path.of(file);
        if (!Files.isReadable(path)) {
            s.refuse(key, file, "a readable file of " + what + " in PEM form");
        }
        return path;
    }
}
