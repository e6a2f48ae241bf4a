package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** DKIM as set in etc/: what leaves is verified by dkimpy, what comes in is judged. */
@Timeout(120)
class DkimIT {

    private static final String LETTER = """
            From: J\u00e9r\u00f4me <ann@example.org>
            To: bob@example.net
            Subject:  x
            \ty\s
            X-Odd:z

             Caf\u00e9 \t\s

            ..
            .\u00e9


            """;

    @TempDir
    Path temp;

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
    }

    private static void write(Path file, KeyPair pair) throws IOException {
        Files.createDirectories(file.getParent());
        String base64 = Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded());
        Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
    }

    private static String record(String type, KeyPair pair) {
        byte[] encoded = pair.getPublic().getEncoded();
        int from = type.equals("rsa") ? 0 : encoded.length - 32;
        return "v=DKIM1; k=" + type + "; p="
                + Base64.getEncoder().encodeToString(Arrays.copyOfRange(encoded, from, encoded.length));
    }

    private String verify(String message, String... records) throws IOException {
        String python = Program.tool("python3", DkimIT::isFit, "apt-get install python3-dkim");
        Path script = temp.resolve("verify_dkim.py");
        try (InputStream in = DkimIT.class.getResourceAsStream("verify_dkim.py")) {
            Files.write(script, in.readAllBytes());
        }
        ProcessBuilder builder = new ProcessBuilder(python, script.toString()).redirectErrorStream(true);
        builder.command().addAll(Arrays.asList(records));
        Process process = builder.start();
        try (OutputStream out = process.getOutputStream()) {
            out.write(message.getBytes(StandardCharsets.ISO_8859_1));
        }
        return Program.end(process).ok().strip();
    }

    private static boolean isFit(Path python) {
        try {
            Process process = new ProcessBuilder(python.toString(), "-c", "import dkim, nacl")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            return Program.end(process).status() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void signsWhatDkimpyVerifies() throws IOException, GeneralSecurityException {
        SmtpSink.require();
        KeyPair rsa = pair("RSA");
        KeyPair ed25519 = pair("Ed25519");
        int port = Ports.free();
        try (Instance instance = Instance.in(temp.resolve("i")).smartHost(port)) {
            write(instance.base().resolve("etc/dkim/rsa.pem"), rsa);
            write(instance.base().resolve("etc/dkim/ed25519.pem"), ed25519);
            instance.etc(
                    "io.spooler.dkim.signer.cfg",
                    "keys=example.org:r1:etc/dkim/rsa.pem, example.org:e1:etc/dkim/ed25519.pem");
            instance.start();
            String message;
            try (SmtpSink sink = SmtpSink.start(temp.resolve("sink"), port);
                    Smtp smtp = Smtp.to(instance.port())) {
                // Doubled, as a client has to.
                String wire = LETTER.replace("\n.", "\n..");
                String id = Smtp.id(smtp.send("ann@example.org", wire, "bob@example.net"));
                instance.showUntil(id, "RELAYED");
                message = sink.dumps().get(0).message().replace("\n", "\r\n");
            }
            String[] dns = {
                "r1._domainkey.example.org", record("rsa", rsa),
                "e1._domainkey.example.org", record("ed25519", ed25519)
            };
            assertThat(verify(message, dns)).isEqualTo("True True");
            assertThat(verify(message.replace("Caf", "Cof"), dns)).isEqualTo("False False");
            assertThat(verify("From: eve@example.org\r\n" + message, dns)).isEqualTo("False False");
        }
    }

    @Test
    void judgesWhatStrangersBring() throws IOException {
        try (Instance instance = Instance.in(temp.resolve("i"))) {
            // This machine's clients are strangers here, and no name server answers.
            instance.etc(
                            "io.spooler.dkim.verifier.cfg",
                            "authserv_id=mx.test\nnetworks=192.0.2.1\ndns_timeout=1s\ndns=127.0.0.1:" + Ports.free())
                    .start();
            String id;
            try (Smtp smtp = Smtp.to(instance.port())) {
                id = Smtp.id(smtp.send(
                        "ann@example.org",
                        "Authentication-Results: mx.test; dkim=pass\n"
                                + "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=r1; h=from; bh=AAAA; b=AAAA\n"
                                + LETTER,
                        "bob@spooler.local"));
                instance.showUntil(id, "DELIVERED");
            }
            Path file = temp.resolve("export.eml");
            String filed = instance.sh("spooler:inbox bob").ok().replaceAll("(?s).*?([0-9A-Z]{26}).*", "$1");
            instance.sh("spooler:store export " + filed + " " + file).ok();
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(text)
                    .contains("Authentication-Results: mx.test;\r\n\tdkim=temperror (")
                    .contains("header.d=example.org")
                    .containsOnlyOnce("Received: ")
                    .doesNotContain("dkim=pass");
        }
    }
}
