package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import io.spooler.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** STARTTLS and implicit TLS, and where the certificate comes from. */
@Timeout(60)
class EncryptionTest {

    private static final String CONTENT = "Subject: x\r\n\r\nhello\r\n.\r\n";

    @TempDir
    static Path directory;

    private static TestKeys keys;
    private Rig rig;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = TestKeys.make(Files.createDirectory(directory.resolve("one")));
    }

    @AfterEach
    void close() {
        if (rig != null) {
            rig.close();
        }
    }

    private void settings(String tls) {
        rig = new Rig("tls", tls, "tls_certificate", "" + keys.certificate(), "tls_key", "" + keys.key());
    }

    private RawClient encrypted(RawClient client) throws Exception {
        assertThat(client.ask("STARTTLS")).isEqualTo("220 2.0.0 ready to start TLS");
        return client.encrypt(keys.client());
    }

    @Test
    void startTlsBeginsAnew() throws Exception {
        settings("may");
        try (RawClient client = rig.connect()) {
            client.reply();
            assertThat(client.ask("EHLO clear.example")).contains("250 STARTTLS");
            client.ask("MAIL FROM:<bob@example.org>");
            encrypted(client);
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("503 5.5.1");
            assertThat(client.ask("MAIL FROM:<bob@example.org>"))
                    .as("who it is must be said again")
                    .startsWith("503 5.5.1");
            assertThat(client.ask("EHLO client.example")).doesNotContain("STARTTLS");
            assertThat(client.ask("STARTTLS")).startsWith("503 5.5.1");
            assertThat(client.mail(CONTENT)).startsWith("250 2.0.0 queued");
            assertThat(client.ask("QUIT")).startsWith("221");
            assertThat(client.reply()).isEmpty();
        }
        assertThat(rig.fake.next().text())
                .startsWith("Received: from client.example\r\n")
                .contains(" with ESMTPS\r\n");
    }

    @Test
    void itMayBeLeftOut() throws Exception {
        settings("may");
        try (RawClient client = rig.connect().greet()) {
            assertThat(client.mail(CONTENT)).startsWith("250 2.0.0 queued");
        }
        assertThat(rig.fake.next().text()).contains(" with ESMTP\r\n");
    }

    @Test
    void itMayBeRequired() throws Exception {
        settings("encrypt");
        try (RawClient client = rig.connect().greet()) {
            assertThat(client.ask("MAIL FROM:<bob@example.org>")).startsWith("530 5.7.0");
            encrypted(client);
            client.ask("EHLO client.example");
            assertThat(client.mail(CONTENT)).startsWith("250 2.0.0 queued");
        }
    }

    @Test
    void implicitTlsGreetsBehindTheHandshake() throws Exception {
        settings("implicit");
        try (RawClient client = rig.connect().encrypt(keys.client())) {
            assertThat(client.reply()).startsWith("220 mx.example");
            assertThat(client.ask("EHLO client.example")).doesNotContain("STARTTLS");
            assertThat(client.mail(CONTENT)).startsWith("250 2.0.0 queued");
            rig.listener.close();
            assertThat(client.reply()).startsWith("421 4.3.2");
            assertThat(client.reply()).isEmpty();
        }
        assertThat(rig.fake.next().text()).contains(" with ESMTPS\r\n");
    }

    @Test
    void largeContentArrives() throws Exception {
        settings("implicit");
        String body = "Subject: x\r\n\r\n" + ("0123456789".repeat(90) + "\r\n").repeat(5000);
        try (RawClient client = rig.connect().encrypt(keys.client()).greet()) {
            assertThat(client.mail(body + ".\r\n")).startsWith("250 2.0.0 queued");
        }
        assertThat(rig.fake.next().body()).isEqualTo(body);
    }

    @Test
    void whatIsPipelinedBehindStartTlsIsDiscarded() throws Exception {
        settings("may");
        try (RawClient client = rig.connect().greet()) {
            client.send("STARTTLS\r\nMAIL FROM:<evil@x.example>\r\nRCPT TO:<ann@spooler.local>\r\n");
            assertThat(client.reply()).isEqualTo("554 5.5.0 talked before it was your turn");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void whatIsPipelinedOctetByOctetIsNeverObeyed() throws Exception {
        settings("may");
        try (RawClient client = rig.connectSingle()) {
            client.reply();
            client.ask("EHLO a");
            client.send("STARTTLS\r\nNOOP\r\nRSET\r\n");
            assertThat(client.reply()).matches("(554 5\\.5\\.0|220 2\\.0\\.0) .*");
            assertThat(client.rest()).as("no reply of a command").doesNotContain("250");
        }
    }

    @Test
    void clearTextUnderTlsEndsTheSession() throws Exception {
        settings("implicit");
        try (RawClient client = rig.connect()) {
            client.send("EHLO client.example\r\nMAIL FROM:<evil@x.example>\r\n");
            assertThat(client.rest()).doesNotContain("250", "220");
        }
    }

    @Test
    void olderVersionsAreRefused() throws Exception {
        KeyFiles files = new KeyFiles(keys.certificate(), keys.key(), null);
        assertThat(files.load().newEngine(ByteBufAllocator.DEFAULT).getEnabledProtocols())
                .containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    }

    @Test
    void aCertificateThatChangesIsReadAgain() throws Exception {
        Path live = Files.createDirectory(directory.resolve("live"));
        TestKeys other = TestKeys.make(Files.createDirectory(directory.resolve("two")));
        Path store = Files.copy(keys.store(), live.resolve("keys.p12"));
        rig = new Rig("tls", "implicit", "tls_certificate", "" + store, "tls_password", TestKeys.PASSWORD);
        Certificate before = shown(keys);
        replace(store, "no keys", 1);
        assertThat(shown(keys)).as("the former one stays").isEqualTo(before);
        Files.copy(other.store(), store, StandardCopyOption.REPLACE_EXISTING);
        touch(store, 2);
        assertThat(shown(other)).isNotEqualTo(before);
    }

    private Certificate shown(TestKeys trusted) throws Exception {
        try (RawClient client = rig.connect().encrypt(trusted.client())) {
            return client.tls().getPeerCertificates()[0];
        }
    }

    private static void replace(Path file, String content, int version) throws Exception {
        Files.writeString(file, content);
        touch(file, version);
    }

    private static void touch(Path file, int version) throws Exception {
        Files.setLastModifiedTime(
                file, java.nio.file.attribute.FileTime.from(Instant.parse("2026-03-0" + version + "T00:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none.pem", "empty.pem"})
    void aCertificateThatCannotBeUsedIsNamed(String name) throws Exception {
        Files.writeString(directory.resolve("empty.pem"), "-----BEGIN nothing");
        String file = name.isEmpty() ? "" : "" + directory.resolve(name);
        Map<String, String> wrong = Map.of("tls", "may", "tls_certificate", file);
        assertThatThrownBy(() -> ListenerSettings.read(Listener.PID, wrong))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("tls_certificate=" + file + " is not allowed; allowed is a PEM or PKCS #12 file");
    }

    @Test
    void aWrongPasswordIsNotShown() {
        Map<String, String> wrong =
                Map.of("tls", "may", "tls_certificate", "" + keys.store(), "tls_password", "guessed");
        assertThatThrownBy(() -> ListenerSettings.read(Listener.PID, wrong))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("tls_certificate=")
                .hasMessageNotContaining("guessed");
    }
}
