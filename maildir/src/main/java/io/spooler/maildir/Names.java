package io.spooler.maildir;

import io.spooler.Mailboxes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Names of directories for names that came from outside: no name leads out of the root, and two mailboxes never share a
 * directory. What is not a letter, a digit or one of a few harmless signs is written {@code =XX}, and what is too long ends
 * with a hash.
 */
final class Names {

    private static final String HARMLESS = "_+@-";
    private static final int LONGEST = 200;
    private static final int KEPT = 120;

    private Names() {}

    /** The directory of a mailbox: in lower case, as mailboxes are compared without case. */
    static String mailbox(String name) {
        StringBuilder out = new StringBuilder();
        String lower = name.toLowerCase(Locale.ROOT);
        for (byte octet : lower.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            boolean dot = c == '.' && out.length() > 0;
            out.append(dot || isHarmless(c) ? String.valueOf(c) : escape(c));
        }
        return bounded(out.toString(), lower);
    }

    /**
     * The directory of a folder within that of its mailbox (Maildir++): empty for the inbox, else a dot and the name, with
     * other scripts in the modified UTF-7 of IMAP (RFC 3501 section 5.1.3). A dot in the name is no hierarchy.
     */
    static String folder(String name) {
        if (name.equalsIgnoreCase(Mailboxes.INBOX)) {
            return "";
        }
        StringBuilder out = new StringBuilder(".");
        int at = 0;
        while (at < name.length()) {
            int end = at;
            while (end < name.length() && name.charAt(end) >= 0x80) {
                end++;
            }
            if (end > at) {
                out.append(shifted(name.substring(at, end)));
                at = end;
            } else {
                char c = name.charAt(at++);
                out.append(c == ' ' || isHarmless(c) ? String.valueOf(c) : escape(c));
            }
        }
        return bounded(out.toString(), name);
    }

    private static String shifted(String text) {
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_16BE));
        return "&" + base64.replace('/', ',') + "-";
    }

    private static boolean isHarmless(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || HARMLESS.indexOf(c) >= 0;
    }

    private static String escape(char c) {
        return String.format(Locale.ROOT, "=%02X", (int) c);
    }

    /** The file system takes 255 octets. */
    private static String bounded(String name, String whole) {
        if (name.length() <= LONGEST) {
            return name;
        }
        String kept = name.substring(0, KEPT).replaceFirst("(&[^-]*|=.?)$", "");
        return kept + "=" + hash(whole);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
