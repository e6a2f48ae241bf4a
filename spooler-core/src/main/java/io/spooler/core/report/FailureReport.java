package io.spooler.core.report;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.ContentSource;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.store.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * The text of a non-delivery report: {@code multipart/report} with an explanation, one {@code message/delivery-status}
 * and the header of the original (RFC 3464, R60). ASCII only: whatever else a remote host said becomes a question mark.
 *
 * @param message the original
 * @param failures its recipients that failed
 * @param host the name of this system
 * @param now the time of the report
 */
record FailureReport(Message message, List<RecipientStatus> failures, String host, Instant now)
        implements ContentSource {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final int MAX_HEADER = 64 * 1024;

    @Override
    public void writeTo(OutputStream target) throws IOException {
        String boundary = "report-" + message.id();
        StringBuilder text = new StringBuilder(1024);
        head(text, boundary);
        explanation(text, boundary);
        status(text, boundary);
        text.append("\r\n--").append(boundary).append("\r\nContent-Type: text/rfc822-headers\r\n\r\n");
        target.write(ascii(text));
        target.write(header(message.accepted()));
        target.write(ascii("\r\n--" + boundary + "--\r\n"));
    }

    private void head(StringBuilder text, String boundary) {
        Address sender = message.envelope().sender();
        line(text, "From: Mail Delivery System <MAILER-DAEMON@" + host + ">");
        line(text, "To: " + (sender == null ? "undisclosed-recipients:;" : "<" + sender.value() + ">"));
        line(text, "Subject: Undelivered mail returned to sender");
        line(text, "Date: " + DATE.format(now));
        line(text, "Message-ID: <report-" + message.id() + "-" + now.toEpochMilli() + "@" + host + ">");
        line(text, "Auto-Submitted: auto-replied");
        line(text, "MIME-Version: 1.0");
        line(text, "Content-Type: multipart/report; report-type=delivery-status;");
        line(text, "\tboundary=\"" + boundary + "\"");
        line(text, "");
    }

    private void explanation(StringBuilder text, String boundary) {
        line(text, "--" + boundary);
        line(text, "Content-Type: text/plain; charset=us-ascii");
        line(text, "");
        line(text, "This is the spooler at " + host + ".");
        line(text, "");
        line(text, "Your message " + message.id() + " of " + DATE.format(message.submitted()));
        line(text, "could not be delivered to the recipients below.");
        for (RecipientStatus failure : failures) {
            line(text, "");
            line(text, "<" + failure.recipient().address().value() + ">: " + why(failure));
        }
        line(text, "");
    }

    private static String why(RecipientStatus failure) {
        Reply reply = failure.reply();
        return reply == null ? failure.state().name() : reply.toString();
    }

    private void status(StringBuilder text, String boundary) {
        line(text, "--" + boundary);
        line(text, "Content-Type: message/delivery-status");
        line(text, "");
        line(text, "Reporting-MTA: dns; " + host);
        String envid = message.envelope().options().envid();
        if (envid != null) {
            line(text, "Original-Envelope-Id: " + envid);
        }
        line(text, "Arrival-Date: " + DATE.format(message.submitted()));
        for (RecipientStatus failure : failures) {
            line(text, "");
            recipient(text, failure);
        }
    }

    private static void recipient(StringBuilder text, RecipientStatus failure) {
        Recipient recipient = failure.recipient();
        if (recipient.original() != null) {
            line(text, "Original-Recipient: " + recipient.original());
        }
        String type = recipient.address().type().equals(Address.SMTP)
                ? "rfc822"
                : recipient.address().type();
        line(text, "Final-Recipient: " + type + "; " + recipient.address().value());
        line(text, "Action: failed");
        Reply reply = failure.reply();
        line(
                text,
                "Status: " + (reply == null || reply.status().startsWith("2") ? "5.0.0" : permanent(reply.status())));
        if (reply != null) {
            line(text, "Diagnostic-Code: x-spooler; " + reply);
        }
    }

    /** A failure for good has class 5, also if the last reply was temporary (RFC 3464 section 2.3.4). */
    private static String permanent(String status) {
        return "5" + status.substring(1);
    }

    private static void line(StringBuilder text, String line) {
        // Envelope values may hold line ends that came decoded out of xtext: one line stays one line.
        text.append(line.replace('\r', ' ').replace('\n', ' ')).append("\r\n");
    }

    private static byte[] ascii(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** The header of the original, as accepted, up to a limit. */
    private static byte[] header(Content original) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InputStream in = original.open()) {
            byte[] start = in.readNBytes(MAX_HEADER);
            out.write(start, 0, endOfHeader(start));
        }
        return out.toByteArray();
    }

    private static int endOfHeader(byte[] bytes) {
        for (int i = 0; i + 3 < bytes.length; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i + 2;
            }
        }
        return bytes.length;
    }

    /** Where the report goes: null reverse path, so that it can never cause another (R63, RFC 3464 section 2). */
    static Envelope envelope(Address sender, String key) {
        return Envelope.of(null, List.of(sender)).with(Envelope.Options.DEFAULT.withIdempotencyKey(key));
    }
}
