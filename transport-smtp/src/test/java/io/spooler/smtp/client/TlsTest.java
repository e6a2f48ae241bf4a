package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.TestConsignment;
import io.spooler.testkit.smtp.Action;
import io.spooler.testkit.smtp.Session;
import io.spooler.testkit.smtp.TestCertificate;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportStatus.Condition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** STARTTLS and AUTH. */
class TlsTest {

    @TempDir
    static Path directory;

    private static TestCertificate certificate;

    private final Rig rig = new Rig();

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = TestCertificate.make(directory, "dns:localhost");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Outcome send() {
        return rig.sendOne(Rig.message().to("ann@example.org"));
    }

    private void assertDeferred(String text) {
        Outcome.Deferred outcome = (Outcome.Deferred) send();
        assertThat(outcome.scope()).isEqualTo(Outcome.Scope.LANE);
        assertThat(outcome.reply().text()).contains(text);
        assertThat(rig.peer.mails()).isEmpty();
        assertThat(rig.peer.commands()).noneMatch(c -> c.startsWith("MAIL") || c.startsWith("AUTH"));
    }

    @Test
    void noneDoesNotEncrypt() {
        rig.peer.tls(certificate.context());
        rig.apply("tls=none");
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.commands()).doesNotContain("STARTTLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"may", "encrypt"})
    void encryptsWithWhomever(String policy) {
        rig.peer.tls(certificate.context());
        rig.apply("tls=" + policy);
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(1).allMatch(Session::isEncrypted);
        assertThat(rig.peer.commands()).startsWith("EHLO client.test", "STARTTLS", "EHLO client.test");
    }

    @Test
    void largeContentArrivesUnderTls() {
        rig.peer.tls(certificate.context());
        rig.apply("tls=encrypt");
        byte[] content = ".0123456789\r\n".repeat(400_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(rig.sendOne(TestConsignment.of(content).to("ann@example.org")))
                .isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.mails().get(0).content()).isEqualTo(content);
    }

    @Test
    void verifiesTheCertificateAndTheHost() {
        rig.peer.tls(certificate.context());
        rig.apply("host=localhost", "tls=verify", "tls_ca=" + certificate.pem());
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).allMatch(Session::isEncrypted);
    }

    @Test
    void refusesACertificateForAnotherHost() {
        rig.peer.tls(certificate.context());
        rig.apply("tls=verify", "tls_ca=" + certificate.pem());
        assertDeferred("TLS failed");
        assertThat(rig.client.status().condition()).isEqualTo(Condition.OFFLINE);
    }

    @Test
    void refusesACertificateThatIsNotTrusted() {
        rig.peer.tls(certificate.context());
        rig.apply("host=localhost", "tls=verify");
        assertDeferred("TLS failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"encrypt", "verify"})
    void requiredTlsThatIsNotOfferedStopsAll(String policy) {
        rig.apply("tls=" + policy);
        assertDeferred("does not offer STARTTLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"encrypt", "verify"})
    void requiredTlsThatIsRefusedStopsAll(String policy) {
        rig.peer.tls(certificate.context()).on("STARTTLS", "454 4.7.0 not now");
        rig.apply("tls=" + policy);
        assertDeferred("454 4.7.0 not now");
    }

    @Test
    void optionalTlsThatIsRefusedIsLeftOut() {
        rig.peer.tls(certificate.context()).on("STARTTLS", "454 4.7.0 not now");
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void optionalTlsThatFailsIsLeftOutOnAFreshConnection() {
        rig.peer.tls(certificate.context());
        rig.peer.always("STARTTLS", Action.lastly("220 go ahead"));
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(2);
        assertThat(rig.peer.sessions().get(1).commands()).doesNotContain("STARTTLS");
    }

    @Test
    void whatIsSaidAheadOfTlsIsNotTakenAsSaidUnderIt() {
        rig.peer.tls(certificate.context());
        rig.peer.always("STARTTLS", Action.reply("220 go ahead", "250-evil.test", "250 AUTH PLAIN"));
        rig.apply("tls=encrypt", "user=ann", "password=secret");
        assertDeferred("before TLS was established");
    }

    @Test
    void logsInUnderTls() {
        rig.peer.tls(certificate.context()).extensions("PIPELINING", "AUTH LOGIN PLAIN");
        rig.apply("tls=encrypt", "user=ann", "password=secret");
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        String proof = Base64.getEncoder().encodeToString("\0ann\0secret".getBytes(StandardCharsets.UTF_8));
        assertThat(rig.peer.commands()).containsSubsequence("STARTTLS", "AUTH PLAIN " + proof, "DATA");
    }

    @Test
    void logsInStepByStepWhereOnlyThatIsOffered() {
        rig.peer.extensions("AUTH=LOGIN").on("AUTH", "334 VXNlcm5hbWU6").on("*", "334 UGFzc3dvcmQ6", "235 2.7.0 ok");
        rig.apply("user=ann", "password=secret");
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.commands()).contains("AUTH LOGIN", "YW5u", "c2VjcmV0");
    }

    @Test
    void refusedLogInIsAnObstacleAndTellsNoSecret() {
        rig.peer.extensions("AUTH PLAIN").on("AUTH", "535 5.7.8 bad credentials");
        rig.apply("user=ann", "password=secret");
        Outcome.Deferred outcome = (Outcome.Deferred) send();
        assertThat(outcome.reply().text()).contains("ann", "535").doesNotContain("secret");
        assertThat(rig.client.status().condition()).isEqualTo(Condition.OFFLINE);
        assertThat(rig.client.status().text()).doesNotContain("secret");
    }

    @Test
    void logInThatIsNotOfferedIsAnObstacle() {
        rig.peer.extensions("AUTH CRAM-MD5");
        rig.apply("user=ann", "password=secret");
        assertDeferred("PLAIN or LOGIN");
    }

    @Test
    void validateGoesThroughTlsAndLogIn() {
        rig.peer.tls(certificate.context()).extensions("AUTH PLAIN");
        rig.apply("tls=encrypt", "user=ann", "password=secret");
        assertThat(Rig.await(rig.client.validate()).condition()).isEqualTo(Condition.AVAILABLE);
        rig.peer.awaitCommand("QUIT");
        List<String> commands = rig.peer.commands();
        assertThat(commands).hasSize(5).noneMatch(c -> c.startsWith("MAIL"));
    }

    @Test
    void beginsWithTls() {
        rig.peer.implicitTls(certificate.context());
        rig.apply("host=localhost", "tls=verify", "tls_implicit=true", "tls_ca=" + certificate.pem());
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(1).allMatch(Session::isEncrypted);
        assertThat(rig.peer.commands()).startsWith("EHLO client.test").doesNotContain("STARTTLS");
    }

    @Test
    void aServerThatDoesNotBeginWithTlsIsAnObstacle() {
        rig.apply("tls=encrypt", "tls_implicit=true");
        assertDeferred("");
        assertThat(rig.peer.commands()).noneMatch(c -> c.startsWith("EHLO"));
    }

    @Test
    void showsItsOwnCertificate() {
        rig.peer.tls(certificate.context()).askForCertificates();
        rig.apply("tls=encrypt", "tls_certificate=" + certificate.pem(), "tls_key=" + certificate.key());
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions().get(0).certificate()).isEqualTo("CN=test");
    }
}
