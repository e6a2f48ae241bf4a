package io.spooler.hooks;

import io.spooler.hook.OutgoingMessage;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes the header lines that a message lacks. Pure.
 *
 * @param host name of this host, as others know it
 */
record TraceLines(String host) {

    /** RFC 5322 section 3.3. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /**
     * The lines that are missing.
     *
     * @param message the message
     * @param facts what it has
     * @return whole lines, each ended by CRLF, to be put in front; empty if nothing is missing
     */
    String missing(OutgoingMessage message, HeaderFacts facts) {
        StringBuilder lines = new StringBuilder();
        if (!facts.traced()) {
            lines.append(received(message));
        }
        if (facts.whole() && !facts.messageId()) {
            // The same each time, so that a second run after a crash makes the same message.
            lines.append("Message-ID: <" + message.id() + '@' + host + ">\r\n");
        }
        if (facts.whole() && !facts.date()) {
            lines.append("Date: " + date(message.submitted()) + "\r\n");
        }
        if (facts.bare() && !lines.isEmpty()) {
            lines.append("\r\n");
        }
        return lines.toString();
    }

    /** RFC 5321 section 4.4; there is no from-clause, since no host gave the message. */
    private String received(OutgoingMessage message) {
        return "Received: by " + host + " (Spooler) with LOCAL\r\n\tid " + message.id() + "; "
                + date(message.submitted()) + "\r\n";
    }

    private static String date(Instant time) {
        return DATE.format(time);
    }
}
