package io.spooler.testkit.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A self-signed certificate, made when a test runs by the JDK's own {@code keytool}.
 *
 * @param context for a server that shows it
 * @param pem the certificate in a file, for a client that trusts it
 * @param key its key in a file, for a client that shows it
 */
public record TestCertificate(SSLContext context, Path pem, Path key) {

    private static final String PASSWORD = "not-a-secret";

    /**
     * Makes a certificate.
     *
     * @param directory takes the files
     * @param names subject alternative names, such as {@code dns:localhost} or {@code ip:127.0.0.1}
     * @return the certificate
     * @throws IOException if keytool fails
     * @throws GeneralSecurityException if the key cannot be used
     */
    public static TestCertificate make(Path directory, String names) throws IOException, GeneralSecurityException {
        return make(directory, names, "EC");
    }

    /**
     * Makes a certificate for a peer that does not take every key.
     *
     * @param directory takes the files
     * @param names as above
     * @param algorithm of the key, {@code EC} or {@code RSA}
     * @return the certificate
     * @throws IOException if keytool fails
     * @throws GeneralSecurityException if the key cannot be used
     */
    public static TestCertificate make(Path directory, String names, String algorithm)
            throws IOException, GeneralSecurityException {
        Path store = directory.resolve("key.p12");
        keytool(store, names, algorithm);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), new TrustManager[] {new Trusting()}, null);
        byte[] key = keys.getKey("test", PASSWORD.toCharArray()).getEncoded();
        return new TestCertificate(
                context,
                pem(
                        directory.resolve("cert.pem"),
                        "CERTIFICATE",
                        keys.getCertificate("test").getEncoded()),
                pem(directory.resolve("key.pem"), "PRIVATE KEY", key));
    }

    private static Path pem(Path file, String what, byte[] encoded) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return Files.writeString(file, "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
    }

    /** Takes whatever certificate a client shows: the test looks at it. */
    private static final class Trusting implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static void keytool(Path store, String names, String algorithm) throws IOException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = List.of(
                tool, "-genkeypair", "-alias", "test", "-keyalg", algorithm, "-dname", "CN=test", "-validity", "7");
        List<String> rest = List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-ext", "SAN=" + names);
        ProcessBuilder builder = new ProcessBuilder(new java.util.ArrayList<>(command));
        builder.command().addAll(rest);
        builder.command().addAll(List.of("-keystore", store.toString()));
        Process process = builder.inheritIO().start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool failed");
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted while keytool ran", e);
        }
    }
}
