package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.settings.SettingsException;
import io.spooler.testkit.TestConsignment;
import io.spooler.testkit.smtp.Action;
import io.spooler.testkit.smtp.Session;
import io.spooler.testkit.smtp.TestCertificate;
import io.spooler.transport.Outcome;
import io.spooler.transport.TraceEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Type;

/** DANE, with a name server that says what is authentic, and a mail exchanger of its own. */
class DaneTest {

    @TempDir
    static Path directory;

    private static TestCertificate good;
    private static TestCertificate other;
    private static TestCertificate expired;
    private static TestCertificate issued;

    private final Rig rig = new Rig();
    private TestDns dns;

    @BeforeAll
    static void makeCertificates() throws Exception {
        // No name: for a record of the certificate itself there need be none.
        good = TestCertificate.make(sub("good"), "dns:unknown.test");
        other = TestCertificate.make(sub("other"), "dns:here.test");
        expired = TestCertificate.make(sub("expired"), "dns:here.test", "EC", "-startdate", "-30d");
        issued = TestCertificate.issued(sub("issued"), "dns:here.test,dns:www.example.org");
    }

    private static Path sub(String name) throws Exception {
        return Files.createDirectory(directory.resolve(name));
    }

    @BeforeEach
    void start() throws Exception {
        dns = new TestDns();
        dns.address("here.test", "127.0.0.1");
        dns.mx("example.org", 10, "here.test");
        dns.secure("example.org");
        dns.secure("here.test");
        apply("tls=dane");
    }

    private void apply(String tls) {
        rig.apply("host=", "direct=true", "dns=127.0.0.1:" + dns.port(), tls, "idle_timeout=100ms");
    }

    @AfterEach
    void close() {
        rig.close();
        dns.close();
    }

    private String service(String host) {
        return "_" + rig.peer.port() + "._tcp." + host;
    }

    private void tlsa(String host, int usage, int selector, int matching, X509Certificate certificate)
            throws Exception {
        byte[] data = selector == 0
                ? certificate.getEncoded()
                : certificate.getPublicKey().getEncoded();
        String digest = matching == 1 ? "SHA-256" : "SHA-512";
        dns.tlsa(
                service(host),
                usage,
                selector,
                matching,
                matching == 0 ? data : MessageDigest.getInstance(digest).digest(data));
    }

    private static X509Certificate own(TestCertificate certificate) {
        return certificate.chain().get(0);
    }

    private Outcome send() {
        return rig.sendOne(Rig.message().to("ann@example.org"));
    }

    private void assertRelayed(boolean encrypted) {
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).isNotEmpty().allMatch(session -> session.isEncrypted() == encrypted);
    }

    private void assertDeferred(String status, String... texts) {
        Outcome.Deferred outcome = (Outcome.Deferred) send();
        assertThat(outcome.scope()).isEqualTo(Outcome.Scope.LANE);
        assertThat(outcome.reply().status()).isEqualTo(status);
        assertThat(outcome.reply().text()).contains(texts);
        assertThat(rig.peer.commands()).noneMatch(command -> command.startsWith("MAIL"));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "0,2", "1,0", "1,1", "1,2"})
    void deliversToTheServerThatHasTheCertificate(int selector, int matching) throws Exception {
        rig.peer.tls(good.context());
        tlsa("here.test", 3, selector, matching, own(good));
        List<TraceEntry> seen = new CopyOnWriteArrayList<>();
        rig.client.trace("example.org", seen::add);
        assertRelayed(true);
        String policy = "verify, by the TLSA records of here.test (3 " + selector + " " + matching + ")";
        assertThat(rig.client.status().text())
                .contains("last TLS policy here.test")
                .endsWith(policy);
        assertThat(seen)
                .extracting(TraceEntry::text)
                .anyMatch(text -> text.startsWith("TLS policy for here.test") && text.endsWith(policy));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "1,1", "1,2"})
    void deliversToTheServerWhoseCertificateIsSignedWithTheOneMeant(int selector, int matching) throws Exception {
        rig.peer.tls(issued.context());
        tlsa("here.test", 2, selector, matching, issued.chain().get(1));
        assertRelayed(true);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void sendsNothingToAnotherServer(int usage) throws Exception {
        rig.peer.tls(other.context());
        tlsa("here.test", usage, 1, 1, own(good));
        tlsa("here.test", usage, 0, 1, own(good));
        assertDeferred(
                "4.7.5", "here.test:", "none of its certificates matches", "(" + usage + " 0 1, " + usage + " 1 1)");
        assertThat(rig.peer.commands())
                .as("once encrypted, nothing more is said")
                .containsExactly("EHLO client.test", "STARTTLS");
    }

    private Outcome sendByThird(String domain) throws Exception {
        dns.address("third.here.test", "127.0.0.1");
        dns.mx(domain, 1, "third.here.test");
        dns.forget(service("third.here.test"));
        tlsa("third.here.test", 2, 0, 1, issued.chain().get(1));
        rig.peer.tls(issued.context());
        return rig.sendOne(Rig.message().to("ann@" + domain));
    }

    @Test
    void anIssuerVouchesOnlyForServersThatHaveTheName() throws Exception {
        Outcome.Deferred outcome = (Outcome.Deferred) sendByThird("deep.example.org");
        assertThat(outcome.reply().status()).isEqualTo("4.7.5");
        assertThat(outcome.reply().text()).contains("names none of [third.here.test, deep.example.org]");
        assertThat(rig.peer.mails()).isEmpty();
    }

    @Test
    void aNameOfTheDomainWillDo() throws Exception {
        assertThat(sendByThird("here.test")).isInstanceOf(Outcome.Relayed.class);
        assertThat(sendByThird("www.example.org")).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void soWillTheNameOfAnAlias() throws Exception {
        assertThat(sendByThird("here.test")).isInstanceOf(Outcome.Relayed.class);
        dns.alias("alias.here.test", "here.test");
        assertThat(rig.sendOne(Rig.message().to("ann@alias.here.test"))).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void expiryDoesNotMatterForACertificateThatIsMeantItself() throws Exception {
        rig.peer.tls(expired.context());
        tlsa("here.test", 3, 1, 1, own(expired));
        assertRelayed(true);
    }

    @Test
    void expiryMattersForOneThatSigns() throws Exception {
        rig.peer.tls(expired.context());
        tlsa("here.test", 2, 0, 1, own(expired));
        assertDeferred("4.7.5", "here.test", "does not lead to that", "has expired");
    }

    @Test
    void sendsNothingInClearText() throws Exception {
        tlsa("here.test", 3, 1, 1, own(good));
        assertDeferred("4.7.4", "here.test:", "does not offer STARTTLS", "by the TLSA records of here.test (3 1 1)");
    }

    @Test
    void sendsNothingInClearTextWhereTlsIsRefusedOrFails() throws Exception {
        rig.peer.tls(good.context());
        tlsa("here.test", 3, 1, 1, own(good));
        rig.peer.on("STARTTLS", "454 4.7.0 not now");
        assertDeferred("4.7.0", "here.test");
        rig.peer.always("STARTTLS", Action.lastly("220 go ahead"));
        assertDeferred("4.7.5", "here.test");
        assertThat(rig.peer.sessions()).hasSize(2);
    }

    @Test
    void encryptsWithWhomeverWhereNoRecordCanBeUsed() throws Exception {
        rig.peer.tls(other.context());
        tlsa("here.test", 0, 1, 1, own(good));
        tlsa("here.test", 1, 0, 2, own(good));
        dns.tlsa(service("here.test"), 3, 1, 1, new byte[31]);
        dns.tlsa(service("here.test"), 3, 2, 1, new byte[32]);
        dns.tlsa(service("here.test"), 3, 1, 3, new byte[32]);
        assertRelayed(true);
        assertThat(rig.client.status().text()).endsWith("encrypt, no TLSA record of here.test can be used");
    }

    @Test
    void encryptsEvenThen() throws Exception {
        tlsa("here.test", 1, 1, 1, own(good));
        assertDeferred("4.7.4", "here.test");
    }

    @Test
    void goesByNothingThatIsNotAuthentic() throws Exception {
        dns.mx("plain.test", 10, "here.test");
        tlsa("here.test", 3, 1, 1, own(good));
        dns.mx("example.org", 10, "here.test");
        assertThat(rig.sendOne(Rig.message().to("ann@plain.test"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(dns.queries(service("here.test"), Type.TLSA))
                .as("MX not secure")
                .isZero();
        dns.address("open.test", "127.0.0.1");
        dns.mx("signed.test", 10, "open.test");
        dns.secure("signed.test");
        tlsa("open.test", 3, 1, 1, own(good));
        assertThat(rig.sendOne(Rig.message().to("ann@signed.test"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(dns.queries(service("open.test"), Type.TLSA))
                .as("address not secure")
                .isZero();
        assertThat(rig.client.status().text()).endsWith("may, open.test has no TLSA records that are secure");
        assertThat(rig.sendOne(Rig.message().to("ann@[127.0.0.1]"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(3).noneMatch(Session::isEncrypted);
    }

    @Test
    void isOpportunisticWithoutRecords() {
        assertRelayed(false);
        assertThat(dns.queries(service("here.test"), Type.TLSA)).isEqualTo(1);
        rig.peer.awaitNoSession();
        rig.peer.tls(other.context());
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions().get(1).isEncrypted()).isTrue();
    }

    @Test
    void aServerWhoseRecordsCannotBeLookedUpIsNotUsed() throws Exception {
        rig.peer.tls(good.context());
        dns.fail(service("here.test"));
        assertDeferred("4.7.5", "TLSA records of here.test cannot be had", "SERVFAIL");
        assertThat(rig.peer.sessions()).isEmpty();
        dns.address("second.test", "127.0.0.1");
        dns.secure("second.test");
        dns.mx("example.org", 20, "second.test");
        tlsa("second.test", 3, 1, 1, own(good));
        assertThat(send()).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void theNextMailExchangerIsTriedWhereACertificateDoesNotMatch() throws Exception {
        rig.peer.tls(good.context());
        tlsa("here.test", 3, 1, 1, own(other));
        dns.address("second.test", "127.0.0.1");
        dns.secure("second.test");
        dns.mx("example.org", 20, "second.test");
        tlsa("second.test", 3, 1, 1, own(good));
        TestConsignment message = Rig.message().to("ann@example.org");
        assertThat(rig.sendOne(message)).isInstanceOf(Outcome.Relayed.class);
        assertThat(message.server()).isEqualTo("second.test");
        assertThat(rig.peer.sessions()).hasSize(2);
        assertThat(rig.peer.sessions().get(0).commands()).noneMatch(command -> command.startsWith("MAIL"));
    }

    @Test
    void looksAtTheCertificateOfASessionThatIsResumedToo() throws Exception {
        rig.peer.tls(good.context());
        tlsa("here.test", 3, 1, 1, own(good));
        assertRelayed(true);
        rig.peer.awaitNoSession();
        dns.forget(service("here.test"));
        tlsa("here.test", 3, 1, 1, own(other));
        assertThat(send()).isInstanceOf(Outcome.Deferred.class);
        assertThat(rig.peer.mails()).hasSize(1);
    }

    @Test
    void looksAtSoManyRecordsAndNoMore() throws Exception {
        rig.peer.tls(good.context());
        for (int i = 1; i < 32; i++) {
            dns.tlsa(service("here.test"), 3, 1, 0, new byte[] {(byte) i});
        }
        // The certificate's own is the last that is taken.
        dns.tlsa(service("here.test"), 3, 1, 0, own(good).getPublicKey().getEncoded());
        assertRelayed(true);
        rig.peer.awaitNoSession();
        dns.tlsa(service("here.test"), 3, 1, 0, new byte[] {0});
        Outcome.Deferred outcome = (Outcome.Deferred) send();
        assertThat(outcome.reply().status()).isEqualTo("4.7.5");
        assertThat(outcome.reply().text()).contains("here.test has more than 32 TLSA records");
        assertThat(rig.peer.mails()).hasSize(1);
    }

    @Test
    void aDomainWithoutMailExchangerIsItsOwn() throws Exception {
        rig.peer.tls(other.context());
        tlsa("here.test", 3, 1, 1, own(good));
        Outcome.Deferred outcome = (Outcome.Deferred) rig.sendOne(Rig.message().to("ann@here.test"));
        assertThat(outcome.reply().status()).isEqualTo("4.7.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "insecure", "unusable"})
    void goesNowhereElseWhereNothingElseIsWanted(String what) throws Exception {
        rig.peer.tls(good.context());
        apply("tls=dane_only");
        if (what.equals("insecure")) {
            dns.mx("example.org", 5, "open.test");
            dns.address("open.test", "127.0.0.1");
            tlsa("open.test", 3, 1, 1, own(good));
        } else if (what.equals("unusable")) {
            tlsa("here.test", 1, 1, 1, own(good));
        }
        assertDeferred("4.7.5", "DANE:");
        assertThat(rig.peer.sessions()).isEmpty();
        dns.forget(service("here.test"));
        tlsa("here.test", 3, 1, 1, own(good));
        assertRelayed(true);
    }

    @Test
    void takesTheRecordsOfTheNameBehindAnAlias() throws Exception {
        dns.alias("mail.example.org", "here.test");
        dns.mx("alias.test", 10, "mail.example.org");
        dns.secure("alias.test");
        rig.peer.tls(issued.context());
        tlsa("here.test", 2, 0, 1, issued.chain().get(1));
        tlsa("mail.example.org", 3, 1, 1, own(other));
        assertThat(rig.sendOne(Rig.message().to("ann@alias.test"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions().get(0).serverName()).isEqualTo("here.test");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takesTheRecordsOfAnAliasWhereThereAreNoneBehindIt(boolean secure) throws Exception {
        String target = secure ? "here.test" : "open.test";
        dns.address("open.test", "127.0.0.1");
        dns.alias("mail.example.org", target);
        dns.mx("alias.test", 10, "mail.example.org");
        dns.secure("alias.test");
        rig.peer.tls(good.context());
        tlsa("open.test", 3, 1, 1, own(other));
        tlsa("mail.example.org", 3, 1, 1, own(good));
        assertThat(rig.sendOne(Rig.message().to("ann@alias.test"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions().get(0).serverName()).isEqualTo("mail.example.org");
        assertThat(rig.client.status().text()).contains("by the TLSA records of mail.example.org");
    }

    @Test
    void goesByNoAliasThatIsNotAuthenticItself() throws Exception {
        dns.alias("mail.test", "here.test");
        dns.mx("alias.test", 10, "mail.test");
        dns.secure("alias.test");
        tlsa("here.test", 3, 1, 1, own(good));
        tlsa("mail.test", 3, 1, 1, own(good));
        assertThat(rig.sendOne(Rig.message().to("ann@alias.test"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).noneMatch(Session::isEncrypted);
        assertThat(dns.queries(service("mail.test"), Type.TLSA)).isZero();
    }

    @Test
    void aFailureBehindAnAliasIsNotPassedOver() throws Exception {
        dns.alias("mail.example.org", "here.test");
        dns.mx("alias.test", 10, "mail.example.org");
        dns.secure("alias.test");
        rig.peer.tls(good.context());
        dns.fail(service("here.test"));
        tlsa("mail.example.org", 3, 1, 1, own(good));
        assertThat(rig.sendOne(Rig.message().to("ann@alias.test"))).isInstanceOf(Outcome.Deferred.class);
        assertThat(rig.peer.sessions()).isEmpty();
    }

    @Test
    void anEndlessAliasIsAFailure() {
        dns.alias("a.here.test", "b.here.test");
        dns.alias("b.here.test", "a.here.test");
        dns.alias(service("here.test"), "a.here.test");
        assertDeferred("4.7.5", "too many aliases");
        assertThat(rig.peer.sessions()).isEmpty();
    }

    private static ClientSettings settings(String... more) throws SettingsException {
        Map<String, Object> properties = new java.util.HashMap<>(Map.of("direct", "true", "tls", "dane"));
        for (String each : more) {
            properties.put(each.replaceFirst("=.*", ""), each.replaceFirst("[^=]*=", ""));
        }
        return ClientSettings.read(properties);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.53", "127.0.0.1, 192.0.2.53", "[::1]:53, [2001:db8::53]:53"})
    void believesOnlyNameServersOfThisMachineUnlessItIsToldTo(String servers) throws SettingsException {
        assertThatThrownBy(() -> rig.client.apply(settings("dns=" + servers)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("tls=dane")
                .hasMessageContaining("dns_trusted");
        rig.client.apply(settings("dns=" + servers, "dns_trusted=true"));
    }

    @Test
    void isForDirectDeliveryAlone() {
        assertThatThrownBy(() -> ClientSettings.read(Map.of("host", "relay.example.org", "tls", "dane_only")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("tls=dane_only");
        assertThatThrownBy(() -> settings("tls_implicit=true")).isInstanceOf(SettingsException.class);
    }
}
