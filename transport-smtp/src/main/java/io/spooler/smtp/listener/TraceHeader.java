package io.spooler.smtp.listener;

import io.spooler.SpoolId;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** The {@code Received} line that goes in front of every content (RFC 5321 section 4.4). */
final class TraceHeader {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final Pattern STRANGE = Pattern.compile("[^A-Za-z0-9.\\-_:\\[\\]]");

    /** A date of the last messages: it is the same for all of a second. */
    private static volatile Stamp last = new Stamp(0, DATE.format(Instant.EPOCH));

    private record Stamp(long second, String text) {}

    private TraceHeader() {}

    /**
     * Writes the line, folded.
     *
     * @param helo what the client called itself; anything but letters, digits and {@code . - _ : [ ]} is blotted out
     * @param client where it is
     * @param hostname how we call ourselves
     * @param protocol SMTP, ESMTP or UTF8SMTP (RFC 6531 section 4.3)
     * @param id of the message
     * @param now the time of reception
     * @return ASCII octets, ended by CRLF
     */
    static byte[] received(String helo, InetAddress client, String hostname, String protocol, SpoolId id, Instant now) {
        String text = "Received: from " + STRANGE.matcher(helo).replaceAll("?") + "\r\n ([" + show(client)
                + "])\r\n by " + hostname + " with " + protocol + "\r\n id " + id + ";\r\n " + date(now)
                + "\r\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String date(Instant now) {
        Stamp stamp = last;
        if (stamp.second != now.getEpochSecond()) {
            stamp = new Stamp(now.getEpochSecond(), DATE.format(now));
            last = stamp;
        }
        return stamp.text;
    }

    private static String show(InetAddress client) {
        String text = client.getHostAddress();
        return client instanceof Inet6Address ? "IPv6:" + text.replaceFirst("%.*", "") : text;
    }
}
