package io.spooler.smtp.client;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the server announced in answer to EHLO (RFC 5321 section 4.1.1.1).
 *
 * @param pipelining RFC 2920
 * @param chunking RFC 3030, if PIPELINING was announced, too: without it each chunk would cost a round trip
 * @param smtpUtf8 RFC 6531
 * @param eightBit RFC 6152
 * @param dsn RFC 3461
 * @param startTls RFC 3207
 * @param size whether SIZE was announced (RFC 1870)
 * @param maxSize largest message in octets, or 0 for no known limit
 * @param auth the mechanisms, in upper case (RFC 4954)
 */
record Extensions(
        boolean pipelining,
        boolean chunking,
        boolean smtpUtf8,
        boolean eightBit,
        boolean dsn,
        boolean startTls,
        boolean size,
        long maxSize,
        Set<String> auth) {

    private static final Pattern BETWEEN = Pattern.compile("[ =]+");

    /** Of a server that knows only HELO. */
    static final Extensions NONE = new Extensions(false, false, false, false, false, false, false, 0, Set.of());

    /**
     * Reads the reply to EHLO.
     *
     * @param lines the first one is the server's name
     * @return what is understood; the rest is passed over
     */
    static Extensions parse(List<String> lines) {
        Map<String, StringBuilder> found = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            // Some old servers write AUTH=LOGIN.
            String[] parts = BETWEEN.split(line.strip().toUpperCase(Locale.ROOT), 2);
            StringBuilder values = found.computeIfAbsent(parts[0], keyword -> new StringBuilder());
            values.append(' ').append(parts.length > 1 ? parts[1] : "");
        }
        return new Extensions(
                found.containsKey("PIPELINING"),
                found.containsKey("CHUNKING") && found.containsKey("PIPELINING"),
                found.containsKey("SMTPUTF8"),
                found.containsKey("8BITMIME"),
                found.containsKey("DSN"),
                found.containsKey("STARTTLS"),
                found.containsKey("SIZE"),
                number(text(found.get("SIZE"))),
                BETWEEN.splitAsStream(text(found.get("AUTH"))).collect(Collectors.toUnmodifiableSet()));
    }

    private static String text(@Nullable StringBuilder values) {
        return values == null ? "" : values.toString();
    }

    private static long number(String text) {
        try {
            return Math.max(0, Long.parseLong(text.strip()));
        } catch (NumberFormatException absent) {
            return 0;
        }
    }
}
