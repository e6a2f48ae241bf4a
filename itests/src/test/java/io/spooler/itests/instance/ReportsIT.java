package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spooler.itests.instance.ReportReader.Seen;
import io.spooler.testkit.smtp.Action;
import io.spooler.testkit.smtp.Mail;
import io.spooler.testkit.smtp.SmtpPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reports of each kind, by SMTP to a sender elsewhere, as independent readers understand them. */
@Timeout(180)
class ReportsIT {

    private static final String TEXT = "Message-ID: <one@client.test>\r\nSubject: hello\r\n\r\nhello\r\n";

    private static ReportReader reader;
    private static SmtpPeer peer;
    private static Instance instance;

    @BeforeAll
    static void start(@TempDir Path temp) throws IOException {
        reader = ReportReader.in(temp);
        peer = SmtpPeer.start().extensions("PIPELINING", "8BITMIME", "SIZE", "ENHANCEDSTATUSCODES");
        peer.on("RCPT", line -> Action.reply(reply(line)));
        instance = Instance.in(temp.resolve("reports"))
                .etc(
                        "io.spooler.core.cfg",
                        "retry_first=1s\nretry_longest=2s\nrest_longest=2s\ndelay_notice=2s\nmax_age=6s\n"
                                + "hostname=spool.test")
                .smartHost(peer.port())
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (instance != null) {
            instance.close();
        }
        if (peer != null) {
            peer.close();
        }
    }

    private static String reply(String rcpt) {
        return rcpt.contains("nobody@") || rcpt.contains("gone@")
                ? "550 5.1.1 no such user"
                : rcpt.contains("late@") ? "450 4.2.1 come back later" : "250 2.1.5 ok";
    }

    private static void send(String mail, String rcpt) throws IOException {
        try (Smtp smtp = Smtp.to(instance.port())) {
            assertThat(smtp.say("MAIL FROM:" + mail)).startsWith("250");
            assertThat(smtp.say("RCPT TO:" + rcpt)).startsWith("250");
            assertThat(smtp.say("DATA")).startsWith("354");
            Smtp.id(smtp.say(TEXT + "."));
        }
    }

    /** The reports to a sender, once there are so many. */
    private static List<Mail> reports(String sender, int count) {
        return await("reports to " + sender)
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> peer.mails().stream()
                                .filter(m -> m.from().startsWith("MAIL FROM:<>"))
                                .filter(m -> m.to().toString().contains("<" + sender + ">"))
                                .toList(),
                        found -> found.size() >= count);
    }

    /** What every report has in common. */
    private static Seen read(Mail report) throws IOException {
        Seen seen = reader.read(report.content());
        assertThat(seen.text("type")).isEqualTo("multipart/report");
        assertThat(seen.text("report")).isEqualTo("delivery-status");
        assertThat(seen.text("status")).isEqualTo("message/delivery-status");
        assertThat(seen.list("defects")).isEmpty();
        assertThat(seen.field("header", "auto-submitted")).isEqualTo("auto-replied");
        assertThat(seen.field("header", "in-reply-to")).isEqualTo("<one@client.test>");
        assertThat(seen.field("message", "reporting-mta")).isEqualTo("dns; spool.test");
        assertThat(seen.field("message", "arrival-date")).isNotEqualTo("null");
        assertThat(seen.text("text")).contains("hello");
        return seen;
    }

    private static Map<String, String> recipient(Seen seen, String address, String action, String status) {
        assertThat(seen.recipients()).hasSize(1);
        Map<String, String> recipient = seen.recipients().get(0);
        assertThat(recipient)
                .containsEntry("final-recipient", "rfc822; " + address)
                .containsEntry("action", action)
                .containsEntry("status", status);
        return recipient;
    }

    @Test
    void aFailure() throws IOException {
        send(
                "<failed@client.test> RET=FULL ENVID=QQ+2B1",
                "<nobody@example.org> NOTIFY=FAILURE ORCPT=rfc822;team@example.org");
        Seen seen = read(reports("failed@client.test", 1).get(0));
        assertThat(recipient(seen, "nobody@example.org", "failed", "5.1.1"))
                .containsEntry("original-recipient", "rfc822; team@example.org")
                .containsEntry("remote-mta", "dns; [127.0.0.1]")
                .containsEntry("diagnostic-code", "smtp; 550 5.1.1 no such user")
                .containsKey("last-attempt-date");
        assertThat(seen.field("message", "original-envelope-id")).isEqualTo("QQ+1");
        assertThat(seen.text("returned")).isEqualTo("message/rfc822");
        assertThat(seen.text("original")).isEqualToNormalizingNewlines("hello\n");
        assertThat(seen.list("permanent")).hasToString("[team@example.org]");
        assertThat(seen.list("temporary")).isEmpty();
    }

    @Test
    void aSuccess() throws IOException {
        send("<delivered@client.test>", "<ann@spooler.local> NOTIFY=SUCCESS");
        Seen seen = read(reports("delivered@client.test", 1).get(0));
        recipient(seen, "ann@spooler.local", "delivered", "2.0.0");
        headerOnlyAndNoFailure(seen);
    }

    @Test
    void aRelay() throws IOException {
        send("<relayed@client.test> RET=FULL", "<bob@example.org> NOTIFY=SUCCESS");
        Seen seen = read(reports("relayed@client.test", 1).get(0));
        recipient(seen, "bob@example.org", "relayed", "2.0.0");
        headerOnlyAndNoFailure(seen);
    }

    private static void headerOnlyAndNoFailure(Seen seen) {
        assertThat(seen.text("returned")).isEqualTo("text/rfc822-headers");
        assertThat(seen.text("original")).contains("Subject: hello").endsWith("hello\n");
        assertThat(seen.list("permanent")).isEmpty();
        assertThat(seen.list("temporary")).isEmpty();
    }

    @Test
    void aDelayAndThenTheEnd() throws IOException {
        send("<waiting@client.test>", "<late@example.org> NOTIFY=FAILURE,DELAY");
        List<Mail> reports = reports("waiting@client.test", 2);
        Seen delay = read(reports.get(0));
        assertThat(recipient(delay, "late@example.org", "delayed", "4.2.1"))
                .containsEntry("diagnostic-code", "smtp; 450 4.2.1 come back later")
                .containsKey("will-retry-until");
        assertThat(delay.text("returned")).isEqualTo("text/rfc822-headers");
        assertThat(delay.list("temporary")).hasToString("[late@example.org]");
        assertThat(delay.list("permanent")).isEmpty();

        Seen end = read(reports.get(1));
        recipient(end, "late@example.org", "failed", "5.4.7");
        assertThat(end.text("returned")).isEqualTo("message/rfc822");
        assertThat(end.list("permanent")).hasToString("[late@example.org]");
        assertThat(reports).hasSize(2);
    }

    /** What another system says of a message that it has got from here. */
    @Test
    void aReportFromElsewhereIsInTheLedger() throws IOException {
        String report = """
                From: MAILER-DAEMON@example.org
                To: ann@spooler.local
                Subject: Undelivered
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary=b

                --b

                Sorry.
                --b
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.example.org

                Final-Recipient: rfc822; bob@example.org
                Action: failed
                Status: 5.2.2
                Diagnostic-Code: smtp; 552 5.2.2 mailbox full

                --b
                Content-Type: text/rfc822-headers

                %s
                --b--
                """;
        try (Smtp smtp = Smtp.to(instance.port())) {
            String id = smtp.queue("far away", "bob@example.org");
            instance.showUntil(id, "RELAYED");
            String returned = peer.mails().stream()
                    .map(Mail::text)
                    .filter(text -> text.contains("Subject: far away"))
                    .map(text -> text.split("\r\n\r\n", 2)[0].replace("\r\n", "\n"))
                    .findFirst()
                    .orElseThrow();
            Smtp.id(smtp.send("", report.formatted(returned), "ann@spooler.local"));
            assertThat(instance.showUntil(id, "a report says")).contains("RELAYED", "5.2.2", "552 5.2.2 mailbox full");
            assertThat(instance.only("ann", "INBOX", "Undelivered").get("flags").toString())
                    .contains("about: " + id + " failed SMTP:bob@example.org 5.2.2");
        }
    }

    @Test
    void aReportThatFails() throws IOException {
        send("<gone@client.test>", "<nobody@example.org> NOTIFY=FAILURE");
        instance.shUntil(
                "spooler:inbox --count postmaster", answer -> answer.strip().equals("1"));
        assertThat(instance.sh("spooler:inbox postmaster").ok()).contains("Not delivered: Not delivered: hello");
    }
}
