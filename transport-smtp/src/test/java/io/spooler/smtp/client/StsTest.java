package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.smtp.Session;
import io.spooler.testkit.smtp.TestCertificate;
import io.spooler.transport.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MTA-STS, with a name server, an HTTPS server and a mail exchanger of its own. */
class StsTest {

    private static final String ENFORCE = "version: STSv1\nmode: enforce\nmx: here.test\nmax_age: 86400\n";

    @TempDir
    static Path directory;

    private static TestCertificate good;
    private static TestCertificate other;

    private final Rig rig = new Rig();
    private TestDns dns;
    private PolicyServer web;

    @BeforeAll
    static void makeCertificates() throws Exception {
        good = TestCertificate.make(Files.createDirectory(directory.resolve("good")), "dns:localhost,dns:here.test");
        other = TestCertificate.make(Files.createDirectory(directory.resolve("other")), "dns:localhost,dns:here.test");
    }

    @BeforeEach
    void start() throws Exception {
        web = new PolicyServer(good.context());
        web.policy = ENFORCE;
        dns = new TestDns();
        dns.address("here.test", "127.0.0.1");
        dns.mx("example.org", 10, "here.test");
        dns.text("_mta-sts.example.org", "v=STSv1; id=1;");
        rig.policies = web::of;
        rig.apply(
                "host=",
                "direct=true",
                "dns=127.0.0.1:" + dns.port(),
                "tls=sts",
                "tls_ca=" + good.pem(),
                "idle_timeout=100ms");
    }

    @AfterEach
    void close() {
        rig.close();
        dns.close();
        web.close();
    }

    private Outcome send() {
        return rig.sendOne(Rig.message().to("ann@example.org"));
    }

    private void assertDeferred(String status) {
        Outcome.Deferred outcome = (Outcome.Deferred) send();
        assertThat(outcome.reply().status()).isEqualTo(status);
        assertThat(rig.peer.commands()).noneMatch(command -> command.startsWith("MAIL"));
    }

    @Test
    void deliversWhereThePolicyAndTheCertificateAllow() {
        rig.peer.tls(good.context());
        for (int i = 0; i < 3; i++) {
            assertThat(send()).isInstanceOf(Outcome.Relayed.class);
            rig.peer.awaitNoSession();
        }
        assertThat(rig.peer.sessions()).hasSize(3).allMatch(Session::isEncrypted);
        assertThat(web.requests()).isEqualTo(1);
        assertThat(rig.client.status().text())
                .contains("last TLS policy here.test")
                .endsWith("verify, by the MTA-STS policy of example.org");
    }

    @Test
    void goesToNoMailExchangerThatThePolicyDoesNotName() {
        rig.peer.tls(good.context());
        web.policy = ENFORCE.replace("here.test", "*.here.test");
        assertDeferred("4.7.5");
        assertThat(rig.peer.sessions()).isEmpty();
    }

    @Test
    void sendsNothingInClearText() {
        assertDeferred("4.7.4");
    }

    @Test
    void sendsNothingWhereTheCertificateIsNotTrusted() {
        rig.peer.tls(other.context());
        assertDeferred("4.7.5");
    }

    @Test
    void keepsThePolicyWhenTheRecordIsGone() {
        rig.peer.tls(good.context());
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        rig.peer.awaitNoSession();
        dns.forget("_mta-sts.example.org");
        rig.peer.on("STARTTLS", "454 4.7.0 not now");
        assertThat(send()).isInstanceOf(Outcome.Deferred.class);
        assertThat(rig.peer.mails()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"testing", "none"})
    void bindsNobodyUnlessItIsEnforced(String mode) {
        web.policy = ENFORCE.replace("enforce", mode).replace("here.test", "other.test");
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(web.requests()).isEqualTo(1);
    }

    @Test
    void asksNobodyWithoutARecord() {
        dns.forget("_mta-sts.example.org");
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(web.requests()).isZero();
    }

    @Test
    void takesOnlyWhatIsFetchedAsItShallBe() throws Exception {
        String huge = ENFORCE + "x: y\n".repeat(64 * 1024 / 5);
        List<Runnable> faults = List.of(
                () -> web.status = 404,
                () -> web.status = 301,
                () -> web.type = "text/html",
                () -> web.policy = huge,
                () -> web.policy = "nonsense");
        for (int i = 0; i < faults.size(); i++) {
            web.status = 200;
            web.type = "text/plain";
            web.policy = ENFORCE;
            faults.get(i).run();
            String domain = i + ".test";
            dns.mx(domain, 10, "here.test");
            dns.text("_mta-sts." + domain, "v=STSv1; id=1");
            assertThat(rig.sendOne(Rig.message().to("ann@" + domain)))
                    .as("fault %s", i)
                    .isInstanceOf(Outcome.Relayed.class);
        }
        assertThat(web.requests()).as("no redirect is followed").isEqualTo(faults.size());
    }

    @Test
    void trustsNoWebServerWithoutAGoodCertificate() throws Exception {
        try (PolicyServer liar = new PolicyServer(other.context())) {
            liar.policy = ENFORCE;
            rig.policies = liar::of;
            assertThat(send()).isInstanceOf(Outcome.Relayed.class);
            assertThat(liar.requests()).isZero();
        }
    }
}
