package io.spooler.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.smtp.TestCertificate;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encryption: whom the password is told. */
class TlsTest {

    @TempDir
    private Path temp;

    private TestCertificate certificate;

    @BeforeEach
    void makeCertificate() throws Exception {
        certificate = TestCertificate.make(temp, "dns:localhost");
    }

    /** One look, and how it ended. */
    private static TransportStatus look(ScriptedImap server, String... pairs) throws Exception {
        Bell bell = new Bell();
        try (Fetcher fetcher = new Fetcher("imap-ann", bell, Clock.systemUTC(), () -> null)) {
            fetcher.apply(Accounts.of(server.port(), pairs));
            fetcher.openInbound(new StoreInlet());
            bell.next();
            return fetcher.status();
        }
    }

    @Test
    void a_server_whose_certificate_is_trusted_and_names_the_host_gets_the_password() throws Exception {
        try (ScriptedImap server = new ScriptedImap(certificate.context())) {
            String ca = certificate.pem().toString();
            TransportStatus status = look(server, "tls", "verify", "tls_ca", ca, "host", "localhost");
            assertThat(status.condition()).as(status.text()).isEqualTo(Condition.AVAILABLE);
            assertThat(server.commands("LOGIN")).hasSize(1);
        }
    }

    @Test
    void any_other_does_not() throws Exception {
        try (ScriptedImap server = new ScriptedImap(certificate.context())) {
            String ca = certificate.pem().toString();
            assertThat(look(server, "tls", "verify", "tls_ca", ca, "host", "127.0.0.1")
                            .text())
                    .as("a certificate of another host")
                    .contains("Exception");
            assertThat(look(server, "tls", "verify", "host", "localhost").text())
                    .as("a certificate that nobody vouches for")
                    .contains("PKIX");
            assertThat(server.commands("LOGIN")).isEmpty();
            assertThat(look(server, "tls", "encrypt").condition()).isEqualTo(Condition.AVAILABLE);
        }
    }

    @Test
    void starttls_comes_before_the_password() throws Exception {
        try (ScriptedImap server = new ScriptedImap()) {
            server.startTls = certificate.context();
            server.capabilities = "IMAP4rev1 STARTTLS";
            String ca = certificate.pem().toString();
            TransportStatus status =
                    look(server, "tls", "verify", "tls_ca", ca, "host", "localhost", "tls_implicit", "false");
            assertThat(status.condition()).as(status.text()).isEqualTo(Condition.AVAILABLE);
            assertThat(server.commands)
                    .extracting(command -> command.split(" ", 3)[1])
                    .startsWith("CAPABILITY", "STARTTLS", "CAPABILITY", "LOGIN", "CAPABILITY");
        }
    }

    @Test
    void what_is_said_in_clear_text_together_with_starttls_is_not_believed() throws Exception {
        try (ScriptedImap server = new ScriptedImap()) {
            server.startTls = certificate.context();
            server.capabilities = "IMAP4rev1 STARTTLS";
            server.beforeTls = "\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN";
            TransportStatus status = look(server, "tls", "encrypt", "tls_implicit", "false");
            assertThat(status.text()).contains("talks before TLS has begun");
            assertThat(server.commands("LOGIN")).isEmpty();
        }
    }
}
