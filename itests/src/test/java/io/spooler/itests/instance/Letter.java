package io.spooler.itests.instance;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A message that is easily damaged on its way: 8-bit text, dots at the start of lines, a line of 900 octets, spaces at
 * the end of lines, and a folded header field.
 *
 * @param octets complete, with CR LF as line end
 */
@SuppressWarnings("ArrayRecordComponent") // Letters are never compared.
record Letter(byte[] octets) {

    /** The subject must be unlike that of any other letter. */
    static Letter about(String subject) {
        String text = "From: Sender <sender@in.test>\r\nTo: everybody@out.test\r\nSubject: " + subject
                + "\r\nX-Folded: one\r\n\ttwo\r\n"
                + "Date: Thu, 26 Nov 2026 12:00:00 +0000\r\nMessage-ID: <" + subject.replace(' ', '.') + "@in.test>\r\n"
                + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                + "Grüße, 日本語\r\n.\r\n..two\r\n...\r\n" + "x".repeat(900) + "\r\n trailing  \r\n\r\n\r\n.end\r\n";
        return new Letter(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a content is this one, behind header lines that were put in front. */
    boolean isEndOf(byte[] content) {
        int front = content.length - octets.length;
        return front >= 0 && Arrays.equals(content, front, content.length, octets, 0, octets.length);
    }

    /** What stands in front of it in a content. */
    String front(byte[] content) {
        return new String(content, 0, content.length - octets.length, StandardCharsets.UTF_8);
    }

    /** Octets as characters, one each. */
    static String latin1(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return latin1(octets).replaceFirst("(?s).*Subject: ([^\\r]*).*", "letter: $1");
    }
}
