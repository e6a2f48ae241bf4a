package io.spooler.core.report;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.james.mime4j.codec.EncoderUtil;
import org.apache.james.mime4j.codec.EncoderUtil.Usage;

/** A report that a message was read, or deleted unread, for the sender who asked for it (RFC 8098, R62). */
public final class ReadReport {

    /** The flag of a message that reports nothing (RFC 3503): one has been sent, or it is the sender's own copy. */
    public static final String SENT = "$MDNSent";

    private static final Pattern ADDRESS = Pattern.compile("[!#-'*+.-9=?A-Z^-~-]{1,64}@[A-Za-z0-9.-]{1,255}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._+-]{1,64}");

    private final Mailboxes.Entry entry;
    private final Original original;
    private final Address to;
    private final boolean read;

    private ReadReport(Mailboxes.Entry entry, Original original, Address to, boolean read) {
        this.entry = entry;
        this.original = original;
        this.to = to;
        this.read = read;
    }

    /**
     * Looks whether one is asked for, by the sender and for himself: for anybody else a person would have to agree (RFC 8098
     * section 2.1).
     *
     * @param entry the filed message
     * @param content of it; blocks for its disk
     * @param read true if it was read, false if it was deleted unread
     * @return the report, or empty
     * @throws IOException if the content cannot be read
     */
    public static Optional<ReadReport> of(Mailboxes.Entry entry, Content content, boolean read) throws IOException {
        Address sender = entry.sender();
        if (sender == null || !sender.type().equals(Address.SMTP)) {
            return Optional.empty();
        }
        Original original = Original.read(content);
        List<String> asking = addresses(original.field("disposition-notification-to"));
        return asking.size() == 1 && asking.get(0).equalsIgnoreCase(sender.value())
                ? Optional.of(new ReadReport(entry, original, sender, read))
                : Optional.empty();
    }

    private static List<String> addresses(String field) {
        return ADDRESS.matcher(field).results().map(MatchResult::group).toList();
    }

    /**
     * How it is sent: without a sender, so that nothing answers it, and once for each message.
     *
     * @return the envelope
     */
    public Envelope envelope() {
        Envelope envelope = Envelope.of(null, List.of(to));
        return envelope.with(envelope.options().withIdempotencyKey("read/" + entry.id()));
    }

    /**
     * Writes it.
     *
     * @param target takes it
     * @param id the spool id of the report
     * @param host the name of this system
     * @param language of the text for people
     * @param now the time of the report
     * @throws IOException if it cannot be written
     */
    public void writeTo(OutputStream target, String id, String host, String language, Instant now) throws IOException {
        Words words = Words.in(language);
        String kind = read ? "READ" : "UNREAD";
        String boundary = "=_" + id;
        String subject = original.subject().isEmpty() ? words.say("subject.none") : original.subject();
        Report.utf8(target, head(words.say(kind + ".subject", subject), id, host, now, boundary));
        Report.utf8(target, "--" + boundary + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Language: ");
        Report.utf8(target, words.language() + "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
        String text = words.say(kind + ".text", subject, words.date(entry.received())) + "\n";
        target.write(Report.quotedPrintable(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)));
        Report.utf8(target, "\r\n--" + boundary + "\r\nContent-Type: message/disposition-notification\r\n\r\n");
        Report.utf8(target, status(host) + "\r\n--" + boundary + "--\r\n");
    }

    private String head(String subject, String id, String host, Instant now, String boundary) {
        Fields fields = new Fields()
                .add("From", "<" + own(host) + ">")
                .add("To", "<" + to.value() + ">")
                .raw("Subject: " + EncoderUtil.encodeIfNecessary(subject, Usage.TEXT_TOKEN, 9))
                .add("Date", now)
                .add("Message-ID", "<" + id + "@" + host + ">");
        if (!original.messageId().isEmpty()) {
            fields.add("In-Reply-To", original.messageId()).add("References", original.references());
        }
        return fields.add("Auto-Submitted", "auto-replied")
                .add("MIME-Version", "1.0")
                .raw("Content-Type: multipart/report; report-type=disposition-notification;\r\n\tboundary=\"" + boundary
                        + "\"")
                .end()
                .toString();
    }

    private String status(String host) {
        Fields fields = new Fields()
                .add("Reporting-UA", Fields.ascii(host) + "; Spooler")
                .add("Final-Recipient", "rfc822; " + own(host));
        if (!original.messageId().isEmpty()) {
            fields.add("Original-Message-ID", original.messageId());
        }
        return fields.add("Disposition", "manual-action/MDN-sent-automatically; " + (read ? "displayed" : "deleted"))
                .toString();
    }

    /** The address by which the sender named the mailbox, as far as that can be told. */
    private String own(String host) {
        String mailbox = entry.mailbox();
        return addresses(original.field("to") + "," + original.field("cc")).stream()
                .filter(address -> address.substring(0, address.indexOf('@')).equalsIgnoreCase(mailbox))
                .findFirst()
                .orElse((NAME.matcher(mailbox).matches() ? mailbox : "postmaster") + "@" + host);
    }
}
