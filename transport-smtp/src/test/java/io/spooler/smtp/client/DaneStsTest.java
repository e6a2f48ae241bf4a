package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.smtp.Session;
import io.spooler.testkit.smtp.TestCertificate;
import io.spooler.transport.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DANE first, then MTA-STS (RFC 8461 section 2). */
class DaneStsTest {

    @TempDir
    static Path directory;

    private static TestCertificate trusted;
    private static TestCertificate other;

    private final Rig rig = new Rig();
    private TestDns dns;
    private PolicyServer web;

    @BeforeAll
    static void makeCertificates() throws Exception {
        trusted = TestCertificate.make(Files.createDirectory(directory.resolve("one")), "dns:localhost,dns:here.test");
        other = TestCertificate.make(Files.createDirectory(directory.resolve("two")), "dns:here.test");
    }

    @BeforeEach
    void start() throws Exception {
        web = new PolicyServer(trusted.context());
        allow("here.test");
        dns = new TestDns();
        dns.address("here.test", "127.0.0.1");
        dns.mx("example.org", 10, "here.test");
        dns.text("_mta-sts.example.org", "v=STSv1; id=1;");
        rig.policies = web::of;
        apply("dane");
    }

    private void apply(String policy) {
        rig.apply(
                "host=",
                "direct=true",
                "dns=127.0.0.1:" + dns.port(),
                "tls=" + policy,
                "tls_ca=" + trusted.pem(),
                "idle_timeout=100ms");
    }

    @AfterEach
    void close() {
        rig.close();
        dns.close();
        web.close();
    }

    private void allow(String host) {
        web.policy = "version: STSv1\nmode: enforce\nmx: " + host + "\nmax_age: 86400\n";
    }

    /** From now on all is authentic, and a record tells the certificate. */
    private void secure(int usage, TestCertificate certificate) throws Exception {
        dns.secure("example.org");
        dns.secure("here.test");
        byte[] key = certificate.chain().get(0).getPublicKey().getEncoded();
        dns.tlsa(
                "_" + rig.peer.port() + "._tcp.here.test",
                usage,
                1,
                1,
                MessageDigest.getInstance("SHA-256").digest(key));
    }

    private Outcome send() {
        return rig.sendOne(Rig.message().to("ann@example.org"));
    }

    private void assertDeferred(String status) {
        assertThat(send())
                .isInstanceOfSatisfying(
                        Outcome.Deferred.class,
                        deferred -> assertThat(deferred.reply().status()).isEqualTo(status));
        assertThat(rig.peer.mails()).isEmpty();
    }

    private void assertEncrypted() {
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).isNotEmpty().allMatch(Session::isEncrypted);
    }

    @Test
    void aPolicyBindsWhereThereAreNoRecords() {
        assertDeferred("4.7.4");
        rig.peer.tls(other.context());
        assertDeferred("4.7.5");
        rig.peer.tls(trusted.context());
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.client.status().text()).endsWith("verify, by the MTA-STS policy of example.org");
    }

    @Test
    void aPolicyDoesNotHelpWhereTheCertificateDoesNotMatch() throws Exception {
        secure(3, other);
        rig.peer.tls(trusted.context());
        assertDeferred("4.7.5");
        assertThat(web.requests()).isZero();
    }

    @Test
    void norDoesItHarmWhereItMatches() throws Exception {
        secure(3, other);
        allow("elsewhere.test");
        rig.peer.tls(other.context());
        assertEncrypted();
        dns.address("second.test", "127.0.0.1");
        dns.mx("example.org", 5, "second.test");
        rig.peer.awaitNoSession();
        assertEncrypted();
        assertThat(web.requests()).as("for the one without records").isEqualTo(1);
        assertThat(rig.client.status().text()).contains("last TLS policy here.test");
    }

    @Test
    void aPolicyIsMoreThanRecordsThatCannotBeUsed() throws Exception {
        secure(1, other);
        rig.peer.tls(other.context());
        assertDeferred("4.7.5");
        rig.peer.tls(trusted.context());
        assertByPolicy();
    }

    private void assertByPolicy() {
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.client.status().text()).endsWith("verify, by the MTA-STS policy of example.org");
    }

    @Test
    void withoutAPolicyTheyStillWantEncryption() throws Exception {
        dns.forget("_mta-sts.example.org");
        secure(1, other);
        assertDeferred("4.7.4");
        rig.peer.tls(other.context());
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void daneAloneAsksForNoPolicy() {
        apply("dane_only");
        assertDeferred("4.7.5");
        assertThat(rig.peer.sessions()).isEmpty();
        assertThat(web.requests()).isZero();
    }
}
