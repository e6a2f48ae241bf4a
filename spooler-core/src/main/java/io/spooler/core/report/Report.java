package io.spooler.core.report;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.store.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.james.mime4j.codec.EncoderUtil;
import org.apache.james.mime4j.codec.EncoderUtil.Usage;
import org.apache.james.mime4j.codec.QuotedPrintableOutputStream;

/**
 * The text of a report: {@code multipart/report} with a text for people, one for programs, and the original or its header
 * (RFC 3462, 3464, R60). The small parts are composed in the heap; the original runs through a buffer.
 */
final class Report {

    private static final int BUFFER = 8 * 1024;

    private final Message message;
    private final List<News> news;
    private final Address to;
    private final String host;
    private final Words words;
    private final Returned returned;

    /**
     * What is returned of the original.
     *
     * @param original its header
     * @param full true for all of it
     * @param eightBit true if that has octets beyond 127 that are written as they are
     */
    private record Returned(Original original, boolean full, boolean eightBit) {

        private static final Returned NOTHING = new Returned(Original.NONE, false, false);

        private boolean isNothing() {
            return original == Original.NONE;
        }

        /** What is attached, as the words name it. */
        private String attached() {
            return isNothing() ? "attached.none" : full ? "attached.full" : "attached.header";
        }

        /** The whole original goes back with failures only (RFC 3461 section 4.3), unless it is large. */
        private static Returned of(Message message, List<News> news, ReportSettings settings) throws IOException {
            Original original = Original.read(message.accepted());
            boolean full = news.stream().anyMatch(n -> n.kind().isFailure())
                    && message.envelope().options().ret() != Envelope.Return.HEADERS
                    && message.accepted().size() <= settings.returnLimit();
            boolean eightBit = full
                    ? !isAscii(message.accepted())
                    : message.envelope().options().smtpUtf8() && !original.isHeaderAscii();
            return new Returned(original, full, eightBit);
        }
    }

    /**
     * Looks at the original; blocks for its disk.
     *
     * @param message the original
     * @param news what happened, at least one, in the order of the recipients
     * @param to who reads it
     * @param host the name of this system
     * @param settings language and limits
     * @throws IOException if the original cannot be read
     */
    Report(Message message, List<News> news, Address to, String host, ReportSettings settings) throws IOException {
        this(message, news, to, host, settings, Returned.of(message, news, settings));
    }

    private Report(
            Message message, List<News> news, Address to, String host, ReportSettings settings, Returned returned) {
        this.message = message;
        this.news = news;
        this.to = to;
        this.host = host;
        this.words = Words.in(settings.language());
        this.returned = returned;
    }

    /** The same without anything of the original, and without a look at it; says so. */
    static Report without(Message message, List<News> news, Address to, String host, ReportSettings settings) {
        return new Report(message, news, to, host, settings, Returned.NOTHING);
    }

    /** Whether it needs SMTPUTF8 on its way: for its reader's address, or for what it returns (RFC 6533). */
    boolean isInternational() {
        return !Fields.isAscii(to.value()) || (isGlobal() && returned.eightBit());
    }

    /**
     * Writes it.
     *
     * @param target takes it
     * @param id the spool id of the report
     * @param now the time of the report
     * @throws IOException if the original cannot be read, or the report not be written
     */
    void writeTo(OutputStream target, String id, Instant now) throws IOException {
        String boundary = "=_" + id;
        String start = "--" + boundary + "\r\n";
        utf8(target, head(id, boundary, now));
        utf8(target, start);
        text(target, TextPart.of(words, message, returned.original().subject(), news, host, returned.attached()));
        utf8(target, "\r\n" + start + "Content-Type: message/delivery-status\r\n\r\n");
        utf8(target, StatusPart.of(message, news, host));
        if (!returned.isNothing()) {
            utf8(target, "\r\n" + start);
            returnOriginal(target);
        }
        utf8(target, "\r\n--" + boundary + "--\r\n");
    }

    private String head(String id, String boundary, Instant now) {
        Fields fields = new Fields()
                .raw("From: " + EncoderUtil.encodeAddressDisplayName(words.say("from")) + " <MAILER-DAEMON@" + host
                        + ">")
                .add("To", recipient())
                .raw("Subject: " + EncoderUtil.encodeIfNecessary(subject(), Usage.TEXT_TOKEN, 9))
                .add("Date", now)
                .add("Message-ID", "<" + id + "@" + host + ">");
        if (!returned.original().messageId().isEmpty()) {
            fields.add("In-Reply-To", returned.original().messageId())
                    .add("References", returned.original().references());
        }
        // RFC 3834: no program may answer this.
        fields.add("Auto-Submitted", "auto-replied").add("MIME-Version", "1.0");
        if (returned.eightBit()) {
            fields.add("Content-Transfer-Encoding", "8bit");
        }
        return fields.raw("Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"" + boundary
                        + "\"")
                .end()
                .toString();
    }

    /** An address of another system has no place in a header of mail: its name stands there as an empty group. */
    private String recipient() {
        return to.type().equals(Address.SMTP)
                ? "<" + to.value() + ">"
                : EncoderUtil.encodeAddressDisplayName(to.toString()) + ":;";
    }

    private String subject() {
        Kind gravest = news.stream().map(News::kind).min(Kind::compareTo).orElseThrow();
        String subject = returned.original().subject();
        return words.say(gravest + ".subject", subject.isEmpty() ? words.say("subject.none") : subject);
    }

    private void text(OutputStream target, String text) throws IOException {
        utf8(target, "Content-Type: text/plain; charset=utf-8\r\nContent-Language: " + words.language());
        utf8(target, "\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
        target.write(quotedPrintable(text.getBytes(StandardCharsets.UTF_8)));
    }

    private boolean isGlobal() {
        return message.envelope().options().smtpUtf8();
    }

    private void returnOriginal(OutputStream target) throws IOException {
        if (returned.full()) {
            returnAll(target);
        } else {
            returnHeader(target);
        }
    }

    private void returnAll(OutputStream target) throws IOException {
        utf8(target, "Content-Type: " + (isGlobal() ? "message/global" : "message/rfc822"));
        utf8(target, (returned.eightBit() ? "\r\nContent-Transfer-Encoding: 8bit" : "") + "\r\n\r\n");
        try (InputStream in = message.accepted().open()) {
            in.transferTo(target);
        }
    }

    private void returnHeader(OutputStream target) throws IOException {
        if (returned.original().isHeaderAscii()) {
            utf8(target, "Content-Type: text/rfc822-headers\r\n\r\n");
            target.write(returned.original().header());
        } else if (isGlobal()) {
            utf8(target, "Content-Type: message/global-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
            target.write(returned.original().header());
        } else {
            utf8(target, "Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
            target.write(quotedPrintable(returned.original().header()));
        }
    }

    private static boolean isAscii(Content content) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = content.open()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                for (int i = 0; i < count; i++) {
                    if (buffer[i] < 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    static byte[] quotedPrintable(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + bytes.length / 2);
        try (QuotedPrintableOutputStream encoder = new QuotedPrintableOutputStream(out, false)) {
            encoder.write(bytes);
        }
        return out.toByteArray();
    }

    static void utf8(OutputStream target, String text) throws IOException {
        target.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
