package io.spooler.testkit.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A self-signed certificate, made when a test runs by the JDK's own {@code keytool}.
 *
 * @param context for a server that shows it
 * @param pem the certificate in a file, for a client that trusts it
 */
public record TestCertificate(SSLContext context, Path pem) {

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
        Path store = directory.resolve("key.p12");
        keytool(store, names);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        byte[] encoded = keys.getCertificate("test").getEncoded();
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        Path pem = Files.writeString(
                directory.resolve("cert.pem"),
                "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
        return new TestCertificate(context, pem);
    }

    private static void keytool(Path store, String names) throws IOException {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command =
                List.of(tool, "-genkeypair", "-alias", "test", "-keyalg", "EC", "-dname", "CN=test", "-validity", "7");
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
