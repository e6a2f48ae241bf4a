package io.spooler.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.SpoolId;
import io.spooler.hook.Verdict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportsTest {

    private final Reports reports = new Reports();

    private final FakeSpooler spooler = new FakeSpooler();

    @BeforeEach
    void know() {
        reports.spooler = spooler;
    }

    private static String report(String type, String fields, String returned) {
        return "From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; report-type=" + type
                + "; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/"
                + type + "\r\n\r\n" + fields + "\r\n--b\r\nContent-Type: " + returned + "\r\n--b--\r\n";
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private static String failed(String returned) {
        return report(
                "delivery-status",
                lines(
                        "Reporting-MTA: dns; mx.example",
                        "",
                        "Final-Recipient: rfc822; bob@example.org",
                        "Action: failed",
                        "Status: 5.1.1 (no such user)",
                        "Diagnostic-Code: smtp; 550 5.1.1 <bob>",
                        " unknown",
                        "",
                        "Final-Recipient: rfc822; eve@example.org",
                        "Action: failed",
                        "Status: 5.0.0"),
                returned);
    }

    private Verdict verdict(String content) throws Exception {
        return reports.process(Messages.incoming("ann", "", content));
    }

    @Test
    void matchesAFailureByTheMessageIdThatThisSpoolerWrote() throws Exception {
        Verdict verdict = verdict(failed(
                "message/rfc822\r\n\r\nSubject: x\r\nMessage-ID: <" + Messages.ID + "@host.example>\r\n\r\nbody\r\n"));
        assertThat(verdict.target().messageClass()).isEqualTo("Report.IPM.Note.NDR");
        assertThat(verdict.target().flags())
                .as("only of a recipient of that message")
                .containsExactly("about: " + Messages.ID + " failed SMTP:Bob@example.org 5.1.1");
        assertThat(spooler.reported)
                .as("what the ledger learns")
                .containsExactly(Messages.ID
                        + " SMTP:Bob@example.org 5.1.1 a report says: failed, smtp; 550 5.1.1 <bob> unknown");
    }

    @Test
    void matchesByTheTraceLineAndByTheEnvelopeId() throws Exception {
        assertThat(verdict(failed("text/rfc822-headers\r\n\r\nReceived: by host.example (Spooler) with LOCAL\r\n\tid "
                                + Messages.ID + "; Wed, 4 Mar 2026 05:06:07 +0000\r\nMessage-ID: <own@x>\r\n"))
                        .target()
                        .flags())
                .hasSize(1);
        String byEnvelope = report(
                "delivery-status",
                lines(
                        "Original-Envelope-Id: " + Messages.ID,
                        "Reporting-MTA: dns; x",
                        "",
                        "Original-Recipient: rfc822; ann@example.org",
                        "Final-Recipient: rfc822; a@b",
                        "Action: delivered",
                        "Status: 2.0.0"),
                "text/rfc822-headers\r\n\r\nSubject: x\r\n");
        assertThat(verdict(byEnvelope).target().messageClass()).isEqualTo("Report.IPM.Note.DR");
        assertThat(verdict(byEnvelope).target().flags())
                .containsExactly("about: " + Messages.ID + " delivered SMTP:ann@example.org 2.0.0");
    }

    @Test
    void knowsReportsOfReadingAndOfDelay() throws Exception {
        String read = report(
                "disposition-notification",
                lines(
                        "Final-Recipient: rfc822; ann@example.org",
                        "Original-Message-ID: <" + Messages.ID + "@h>",
                        "Disposition: manual-action/MDN-sent-manually; displayed"),
                "text/rfc822-headers\r\n\r\nSubject: x\r\n");
        assertThat(verdict(read).target().messageClass()).isEqualTo("Report.IPM.Note.IPNRN");
        assertThat(verdict(read).target().flags())
                .containsExactly("about: " + Messages.ID + " displayed SMTP:ann@example.org");
        assertThat(spooler.reported).containsOnly(Messages.ID + " SMTP:ann@example.org 2.0.0 a report says: displayed");
        assertThat(verdict(read.replace("displayed", "deleted")).target().messageClass())
                .isEqualTo("Report.IPM.Note.IPNNRN");
        String delayed = failed("text/plain\r\n\r\nx\r\n").replace("failed", "delayed");
        assertThat(verdict(delayed).target().messageClass()).isEqualTo("Report.IPM.Note.Delayed");
    }

    @Test
    void aReportAboutSomethingElseHasNoFlag() throws Exception {
        String other = new SpoolId(1, 2).toString();
        Verdict verdict = verdict(failed("message/rfc822\r\n\r\nMessage-ID: <" + other + "@h>\r\n\r\n"));
        assertThat(verdict.target().messageClass()).isEqualTo("Report.IPM.Note.NDR");
        assertThat(verdict.target().flags()).isEmpty();
        assertThat(spooler.reported).isEmpty();
        reports.spooler = null;
        assertThat(verdict(failed("message/rfc822\r\n\r\nMessage-ID: <" + Messages.ID + "@h>\r\n\r\n"))
                        .target()
                        .flags())
                .isEmpty();
    }

    @Test
    void tenThousandLevelsAreNotGoneThrough() throws Exception {
        StringBuilder text = new StringBuilder("Content-Type: multipart/report; boundary=b0\r\n\r\n");
        for (int i = 0; i < 10_000; i++) {
            text.append("--b")
                    .append(i)
                    .append("\r\nContent-Type: multipart/mixed; boundary=b")
                    .append(i + 1);
            text.append("\r\n\r\n");
        }
        assertThat(reports.process(Messages.report(text.toString()))).isSameAs(Verdict.CONTINUE);
    }

    @Test
    void whatIsNoReportPassesWhateverItIs() throws Exception {
        assertThat(verdict("Subject: x\r\n\r\nbody")).isSameAs(Verdict.CONTINUE);
        assertThat(verdict("Content-Type: multipart/report\r\n\r\nno parts")).isSameAs(Verdict.CONTINUE);
        assertThat(verdict("Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\n"
                        .concat("--b\r\n\r\n".repeat(10_000))))
                .isSameAs(Verdict.CONTINUE);
    }
}
