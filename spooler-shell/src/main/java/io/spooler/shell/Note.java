package io.spooler.shell;

import io.spooler.Address;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;

/** Composes a small message (RFC 5322, RFC 2045). Pure. */
final class Note {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** So that the encoded word keeps below 75 characters (RFC 2047 section 2), whatever the script. */
    private static final int SUBJECT_OCTETS = 45;

    /** RFC 5322 section 2.1.1 allows 998. */
    private static final int LINE_OCTETS = 900;

    private Note() {}

    /**
     * Composes.
     *
     * @param to the recipient; named in the header if it is a mail address
     * @param text the body; its line breaks become CRLF
     * @param user who sends it
     * @param clock gives the date
     * @return the whole message
     */
    static byte[] compose(Address to, String text, String user, Clock clock) {
        String body = String.join("\r\n", text.lines().toList()) + "\r\n";
        boolean plain = body.lines().allMatch(line -> octets(line).length <= LINE_OCTETS);
        String head = "From: spooler shell <" + local(user) + "@spooler.local>\r\n"
                + (isMail(to) ? "To: <" + to.value() + ">\r\n" : "")
                + "Subject: " + subject(text) + "\r\n"
                + "Date: " + DATE.format(clock.instant()) + "\r\n"
                + "MIME-Version: 1.0\r\n"
                + "Content-Type: text/plain; charset=utf-8\r\n"
                + "Content-Transfer-Encoding: " + (plain ? "8bit" : "base64") + "\r\n\r\n";
        return octets(head + (plain ? body : Base64.getMimeEncoder().encodeToString(octets(body)) + "\r\n"));
    }

    private static boolean isMail(Address to) {
        return to.type().equals(Address.SMTP) && isAscii(to.value());
    }

    private static String local(String user) {
        String safe = user.replaceAll("[^A-Za-z0-9_-]", "");
        return safe.isEmpty() ? "spooler" : safe;
    }

    /** The first words of the first line. */
    private static String subject(String text) {
        String line = text.lines()
                .findFirst()
                .orElse("")
                .replaceAll("\\p{Cntrl}", " ")
                .strip();
        String subject = line;
        while (octets(subject).length > SUBJECT_OCTETS) {
            int space = subject.lastIndexOf(' ');
            subject = subject.substring(0, space > 0 ? space : subject.offsetByCodePoints(subject.length(), -1));
        }
        return isAscii(subject) ? subject : "=?UTF-8?B?" + Base64.getEncoder().encodeToString(octets(subject)) + "?=";
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
