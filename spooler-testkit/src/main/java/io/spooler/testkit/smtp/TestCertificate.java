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
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A certificate, self-signed unless it is said otherwise, made when a test runs by the JDK's own {@code keytool}.
 *
 * @param context for a server that shows it
 * @param pem the certificate in a file, for a client that trusts it
 * @param key its key in a file, for a client that shows it
 * @param chain what a server shows, its own certificate first
 */
public record TestCertificate(SSLContext context, Path pem, Path key, List<X509Certificate> chain) {

    private static final String PASSWORD = "not-a-secret";
    private static final String STORE = "key.p12";
    private static final String AUTHORITY = "authority";

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
     * Makes a certificate for a peer that does not take every one.
     *
     * @param directory takes the files
     * @param names as above
     * @param algorithm of the key, {@code EC} or {@code RSA}
     * @param options more for keytool, such as {@code -startdate}
     * @return the certificate
     * @throws IOException if keytool fails
     * @throws GeneralSecurityException if the key cannot be used
     */
    public static TestCertificate make(Path directory, String names, String algorithm, String... options)
            throws IOException, GeneralSecurityException {
        Path store = directory.resolve(STORE);
        keytool(store, "test", algorithm, "SAN=" + names, options);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        // A server is to show nothing else.
        keys.deleteEntry(AUTHORITY);
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
                pem(directory.resolve("key.pem"), "PRIVATE KEY", key),
                Stream.of(keys.getCertificateChain("test"))
                        .map(X509Certificate.class::cast)
                        .toList());
    }

    /**
     * Makes a certificate that an authority has signed, which is in the chain.
     *
     * @param directory takes the files
     * @param names as above
     * @param options more for keytool about the server's own
     * @return the certificate
     * @throws IOException if keytool fails
     * @throws GeneralSecurityException if the key cannot be used
     */
    public static TestCertificate issued(Path directory, String names, String... options)
            throws IOException, GeneralSecurityException {
        keytool(directory.resolve(STORE), AUTHORITY, "EC", "bc:c");
        String[] signed = Stream.concat(Stream.of("-signer", AUTHORITY), Stream.of(options))
                .toArray(String[]::new);
        return make(directory, names, "EC", signed);
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

    private static void keytool(Path store, String alias, String algorithm, String extension, String... options)
            throws IOException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = List.of(
                tool, "-genkeypair", "-alias", alias, "-keyalg", algorithm, "-dname", "CN=" + alias, "-validity", "7");
        List<String> rest = List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-ext", extension);
        ProcessBuilder builder = new ProcessBuilder(new java.util.ArrayList<>(command));
        builder.command().addAll(rest);
        builder.command().addAll(List.of("-keystore", store.toString()));
        builder.command().addAll(List.of(options));
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
