package io.spooler.smtp.listener;

import io.spooler.testkit.smtp.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for 127.0.0.1 in the forms that a listener takes, and a client's side of it.
 *
 * @param store PKCS #12 file with certificate and key
 * @param certificate PEM file
 * @param key PEM file
 * @param client trusts the certificate
 */
record TestKeys(Path store, Path certificate, Path key, SSLContext client) {

    static final String PASSWORD = "not-a-secret";

    static TestKeys make(Path directory) throws IOException, GeneralSecurityException {
        Path certificate = TestCertificate.make(directory, "ip:127.0.0.1").pem();
        Path file = directory.resolve("key.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        byte[] secret = store.getKey("test", PASSWORD.toCharArray()).getEncoded();
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(secret);
        Path key = Files.writeString(
                directory.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
        return new TestKeys(file, certificate, key, trusting(store));
    }

    private static SSLContext trusting(KeyStore store) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("test", store.getCertificate("test"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
