package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.SentCopy;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.transport.Inlet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reports that a filed message was read, or deleted unread (R62, RFC 8098). */
class ReadReportsTest {

    private static final String ASKING = String.join(
            "\r\n",
            "From: bob@example.org",
            "To: <ann@home.example>",
            "Subject: Lunch",
            "Message-ID: <1@example.org>",
            "Disposition-Notification-To: Bob <Bob@example.org>",
            "",
            "At noon?",
            "");
    private static final Set<String> SEEN = Set.of("\\Seen");

    private final Bench bench = new Bench(ReceptionTest.settings("read_reports", "true")).withStore();
    private final FakeTransport smtp = new FakeTransport();

    @BeforeEach
    void open() {
        bench.transport(smtp, "smtp", 0, "SMTP");
    }

    private Mailboxes.Entry arrive(String sender, String content) throws Exception {
        Address from = sender.isEmpty() ? null : Address.parse(sender);
        try (Inlet.Reception reception = smtp.inlet.receive(new Inlet.Arrival("smtp", "ann", from, ""))) {
            reception.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
            return ReceptionTest.now(reception.commit()).orElseThrow();
        }
    }

    @Test
    void one_that_is_marked_as_seen_is_reported_once() throws Exception {
        Mailboxes.Entry entry = arrive("bob@example.org", ASKING);
        bench.mailboxes.mark(entry.id(), Set.of("\\Flagged"));
        assertThat(smtp.taken).isEmpty();
        bench.mailboxes.mark(entry.id(), SEEN);
        assertThat(smtp.recipients()).containsExactly("bob@example.org");
        assertThat(smtp.taken.get(0).sender()).as("so that nothing answers it").isNull();
        assertThat(smtp.contents.get(0))
                .startsWith("From: <ann@home.example>\r\nTo: <bob@example.org>\r\nSubject: Read: Lunch\r\n")
                .contains("\r\nIn-Reply-To: <1@example.org>\r\n", "\r\nAuto-Submitted: auto-replied\r\n")
                .contains("report-type=disposition-notification", "of 1 March 2026")
                .contains("\r\nFinal-Recipient: rfc822; ann@home.example\r\nOriginal-Message-ID: <1@example.org>\r\n")
                .contains("\r\nDisposition: manual-action/MDN-sent-automatically; displayed\r\n");

        assertThat(bench.mailboxes.entry(entry.id()).orElseThrow().flags())
                .containsExactlyInAnyOrder("\\Seen", "$MDNSent");
        bench.advance(Duration.ofDays(4)); // Nothing is left of the report, nor of its key.
        bench.mailboxes.mark(entry.id(), Set.of());
        bench.mailboxes.mark(entry.id(), SEEN);
        bench.mailboxes.delete(entry.id());
        assertThat(smtp.taken).hasSize(1);
    }

    @Test
    void one_that_is_deleted_unread_is_reported() throws Exception {
        Mailboxes.Entry entry = arrive("bob@example.org", ASKING);
        assertThat(bench.mailboxes.delete(entry.id())).isTrue();
        assertThat(bench.mailboxes.delete(entry.id())).isFalse();
        assertThat(smtp.contents)
                .singleElement()
                .satisfies(text -> assertThat(text).contains("Subject: Deleted unread: Lunch", "; deleted\r\n"));
    }

    @Test
    void nobody_hears_of_it_who_did_not_ask_for_himself() throws Exception {
        for (String[] mail : new String[][] {
            {"bob@example.org", "Subject: x\r\n\r\n"},
            {"eve@example.org", ASKING},
            {"", ASKING},
            {"LOCAL:bob", ASKING},
            {"bob@example.org", ASKING.replace("<Bob@example.org>", "<Bob@example.org>, <eve@example.org>")}
        }) {
            bench.mailboxes.mark(arrive(mail[0], mail[1]).id(), SEEN);
            bench.mailboxes.delete(arrive(mail[0], mail[1]).id());
        }
        assertThat(smtp.taken).isEmpty();
    }

    @Test
    void the_senders_own_copy_reports_nothing() throws Exception {
        Envelope envelope = Envelope.of(Address.smtp("bob@example.org"), List.of(Address.smtp("eve@example.org")));
        SpoolId id = bench.client.submit(
                envelope.with(envelope.options().withSent(SentCopy.in("bob", "Sent"))),
                target -> target.write(ASKING.getBytes(StandardCharsets.UTF_8)));
        assertThat(bench.mailboxes.mark(id.sentCopy(), Set.of())).isTrue();
        bench.mailboxes.mark(id.sentCopy(), SEEN);
        bench.mailboxes.mark(id.sentCopy(), Set.of());
        bench.mailboxes.delete(id.sentCopy());
        assertThat(smtp.recipients()).as("the message itself").containsExactly("eve@example.org");
    }

    /** R58: the message comes, or goes, by itself. */
    @Test
    void a_header_without_its_message_reports_nothing() throws Exception {
        Inlet.Arrival arrival = new Inlet.Arrival(
                "smtp", "ann", Address.smtp("bob@example.org"), "", "", Set.of("remote: imap-ann 1/7"), null, null);
        for (int i = 0; i < 2; i++) {
            Inlet.Reception header = smtp.inlet.receive(arrival);
            header.write(ByteBuffer.wrap(ASKING.getBytes(StandardCharsets.UTF_8)));
            Mailboxes.Entry entry = ReceptionTest.now(header.commit()).orElseThrow();
            if (i == 1) {
                bench.mailboxes.mark(entry.id(), Set.of("remote: imap-ann 1/7", "\\Seen"));
            }
            bench.mailboxes.delete(entry.id());
        }
        assertThat(smtp.taken).isEmpty();
    }

    @Test
    void without_the_setting_nobody_hears_of_it() throws Exception {
        bench.core.configure(CoreSettings.defaults());
        bench.mailboxes.mark(arrive("bob@example.org", ASKING).id(), SEEN);
        bench.mailboxes.delete(arrive("bob@example.org", ASKING).id());
        assertThat(smtp.taken).isEmpty();
    }

    @Test
    void a_report_that_cannot_be_sent_changes_nothing_about_the_mark() throws Exception {
        Mailboxes.Entry entry = arrive("bob@example.org", ASKING);
        assertThat(markWhileNothingIsTaken(entry)).isTrue();
        assertThat(bench.mailboxes.entry(entry.id()).orElseThrow().flags()).contains("\\Seen", "$MDNSent");
        assertThat(smtp.taken).isEmpty();
    }

    /** The store goes full between mark and report. */
    private boolean markWhileNothingIsTaken(Mailboxes.Entry entry) throws SpoolException {
        bench.store.condition(io.spooler.store.StoreStatus.Condition.FULL);
        return bench.mailboxes.mark(entry.id(), SEEN);
    }
}
