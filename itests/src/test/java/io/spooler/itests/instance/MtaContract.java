package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spooler.testkit.smtp.Mail;
import io.spooler.testkit.smtp.SmtpPeer;
import io.spooler.testkit.smtp.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mail between us and another mail server, both ways, under TLS. The other server stands as {@link Way} says; what comes
 * out in the end, on either side, is seen by a server that records.
 */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MtaContract {

    private static final int MANY = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TRACE = "(?:Received: [^\\n]*\\r\\n(?:[ \\t][^\\n]*\\r\\n)*){2}";

    private @Nullable SmtpPeer sink;
    private @Nullable Instance instance;
    private @Nullable Mta other;
    private @Nullable Way way;

    /** Starts the server; skips the test, loudly, where it is missing. */
    abstract Mta start(Path directory, Way way) throws IOException;

    /** Whether it knows SMTPUTF8. */
    abstract boolean isInternational();

    /** The settings of our client for it. */
    String tls() {
        return "tls=verify\ntls_ca=@CERT@";
    }

    /** How it is told that a recipient is never to be reported. */
    String never() {
        return " NOTIFY=NEVER";
    }

    @BeforeAll
    void begin(@TempDir Path temp) throws IOException, GeneralSecurityException {
        // Servers that change their user must be able to get there.
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        sink = SmtpPeer.start();
        way = new Way(Ports.free(), Ports.free(), sink.port(), TestCertificate.make(temp, "ip:127.0.0.1", "RSA"));
        other = start(Files.createDirectories(temp.resolve("other")), way);
        instance = Instance.in(temp.resolve("us"))
                .etc("io.spooler.smtp.listener-delivery.cfg", way.fill("""
                        address=127.0.0.1
                        port=@US@
                        role=delivery
                        local_domains=in.test
                        unchecked_domains=in.test
                        tls=may
                        tls_certificate=@CERT@
                        tls_key=@KEY@
                        """))
                .etc("io.spooler.smtp.client-sink.cfg", way.fill("""
                        host=127.0.0.1
                        port=@SINK@
                        patterns=*@in.test
                        tls=none
                        """))
                .etc("io.spooler.smtp.client-other.cfg", way.fill("""
                        host=127.0.0.1
                        port=@PORT@
                        patterns=*@out.test
                        """ + tls()))
                .start();
    }

    @AfterAll
    void end() throws IOException {
        if (instance != null) {
            instance.close();
        }
        if (other != null) {
            other.close();
        }
        if (sink != null) {
            sink.close();
        }
    }

    @Test
    void itSendsToUs() throws IOException {
        Letter letter = Letter.about("it sends to us");
        try (Smtp smtp = Smtp.to(way.port())) {
            ok(smtp.say("MAIL FROM:<sender@in.test> BODY=8BITMIME RET=HDRS ENVID=to+2Bus"));
            ok(smtp.say("RCPT TO:<ann@in.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Ann+2B@in.test"));
            ok(smtp.say("RCPT TO:<bob@in.test>" + never()));
            ok(smtp.say("RCPT TO:<eve@refused.test> NOTIFY=FAILURE"));
            assertThat(smtp.say("DATA")).startsWith("354");
            ok(smtp.content(letter.octets()));
        }
        List<Mail> mails = arrived(letter, 2);
        // Some add the address itself as ORCPT where it was not given.
        assertThat(recipients(mails))
                .hasSize(2)
                .contains("RCPT TO:<ann@in.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Ann+2B@in.test")
                .anyMatch(rcpt -> rcpt.startsWith("RCPT TO:<bob@in.test>" + never()));
        assertThat(mails).allSatisfy(mail -> {
            assertThat(mail.from())
                    .startsWith("MAIL FROM:<sender@in.test> ")
                    .contains(" BODY=8BITMIME", " RET=HDRS", " ENVID=to+2Bus");
            assertThat(letter.front(mail.content()))
                    .matches(TRACE)
                    .contains("from peer.test", "with ESMTPS", "by peer.test");
        });
        // Its own report, by us to the sender, of the recipient that we refused.
        assertThat(report("eve@refused.test")).contains("relaying denied", "5.7.1");
    }

    @Test
    void weSendToIt() throws IOException {
        Letter letter = Letter.about("we send to it");
        String id;
        try (Smtp smtp = Smtp.to(instance.port())) {
            ok(smtp.say("MAIL FROM:<sender@in.test> BODY=8BITMIME RET=HDRS ENVID=to+2Bit"));
            ok(smtp.say("RCPT TO:<ann@out.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Ann+2B@out.test"));
            ok(smtp.say("RCPT TO:<bob@out.test>" + never()));
            ok(smtp.say("RCPT TO:<eve@out.test> NOTIFY=FAILURE"));
            assertThat(smtp.say("DATA")).startsWith("354");
            id = Smtp.id(smtp.content(letter.octets()));
        }
        List<Mail> mails = arrived(letter, 2);
        assertThat(recipients(mails)).allSatisfy(rcpt -> assertThat(rcpt).containsPattern("<(ann|bob)@out\\.test>"));
        assertThat(mails).allSatisfy(mail -> {
            assertThat(mail.from()).startsWith("MAIL FROM:<sender@in.test> ");
            assertThat(letter.front(mail.content())).matches(TRACE).contains("by peer.test");
        });
        assertThat(instance.shUntil("spooler:show " + id, text -> text.contains("FAILED")))
                .containsPattern("ann@out.test +RELAYED")
                .containsPattern("bob@out.test +RELAYED")
                .containsPattern("eve@out.test +FAILED");
        assertThat(report("eve@out.test")).contains("Diagnostic-Code: smtp; 5");
    }

    @Test
    void internationalAddressesPassOrAreRefused() throws IOException {
        Letter letter = Letter.about("internationally");
        try (Smtp smtp = Smtp.to(instance.port())) {
            ok(smtp.say("MAIL FROM:<sender@in.test> BODY=8BITMIME SMTPUTF8"));
            ok(smtp.sayInternational("RCPT TO:<jörg@out.test>"));
            assertThat(smtp.say("DATA")).startsWith("354");
            String id = Smtp.id(smtp.content(letter.octets()));
            if (!isInternational()) {
                assertThat(instance.showUntil(id, "FAILED")).contains("5.6.7");
                return;
            }
        }
        Letter back = Letter.about("internationally back");
        try (Smtp smtp = Smtp.to(way.port())) {
            ok(smtp.sayInternational("MAIL FROM:<jürgen@in.test> BODY=8BITMIME SMTPUTF8"));
            ok(smtp.sayInternational("RCPT TO:<jörg@in.test>"));
            assertThat(smtp.say("DATA")).startsWith("354");
            ok(smtp.content(back.octets()));
        }
        assertThat(arrived(letter, 1).get(0).to()).allMatch(rcpt -> rcpt.contains("<jörg@out.test>"));
        Mail returned = arrived(back, 1).get(0);
        assertThat(returned.to()).allMatch(rcpt -> rcpt.startsWith("RCPT TO:<jörg@in.test>"));
        assertThat(returned.from()).startsWith("MAIL FROM:<jürgen@in.test>").contains(" SMTPUTF8");
        assertThat(back.front(returned.content())).contains("with UTF8SMTPS");
    }

    /** On few connections, so that commands stand behind the content of the message before. */
    @Test
    void manyPassBothWays() throws IOException {
        List<Letter> letters = new ArrayList<>();
        try (Smtp there = Smtp.to(instance.port());
                Smtp here = Smtp.to(way.port())) {
            for (int i = 0; i < MANY; i++) {
                letters.add(send(there, "there " + i + ".", "ann@out.test"));
                letters.add(send(here, "here " + i + ".", "ann@in.test"));
            }
        }
        for (Letter letter : letters) {
            assertThat(arrived(letter, 1)).hasSize(1);
        }
        instance.shUntil("spooler:queue --count", n -> n.strip().equals("0"));
        assertThat(sink.mails().stream().filter(mail -> letters.stream().anyMatch(l -> l.isEndOf(mail.content()))))
                .hasSize(2 * MANY);
    }

    private static Letter send(Smtp smtp, String subject, String recipient) throws IOException {
        Letter letter = Letter.about(subject);
        ok(smtp.say("MAIL FROM:<sender@in.test> BODY=8BITMIME"));
        ok(smtp.say("RCPT TO:<" + recipient + ">"));
        assertThat(smtp.say("DATA")).startsWith("354");
        ok(smtp.content(letter.octets()));
        return letter;
    }

    private static void ok(String reply) {
        assertThat(reply).startsWith("250");
    }

    private static List<String> recipients(List<Mail> mails) {
        return mails.stream().flatMap(mail -> mail.to().stream()).toList();
    }

    /** The letter as the sink got it, once so many recipients have it. */
    private List<Mail> arrived(Letter letter, int recipients) {
        return until(letter.toString(), recipients, mail -> letter.isEndOf(mail.content()));
    }

    /** The text of the report about a recipient to the sender. */
    private String report(String recipient) {
        return until(
                        "report of " + recipient,
                        1,
                        mail -> mail.from().startsWith("MAIL FROM:<>")
                                && mail.to().toString().contains("<sender@in.test>")
                                && mail.text().contains(recipient))
                .get(0)
                .text();
    }

    private List<Mail> until(String what, int recipients, Predicate<Mail> wanted) {
        try {
            return await(what)
                    .atMost(PATIENCE)
                    .until(
                            () -> sink.mails().stream().filter(wanted).toList(),
                            found -> recipients(found).size() >= recipients);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "\n" + instance.output() + "\nother server, " + other, e);
        }
    }
}
