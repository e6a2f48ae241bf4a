package io.spooler.smtp.listener;

import io.spooler.Address;
import java.util.Locale;

/**
 * A mailbox of RFC 5321 section 4.1.2. Two spellings of one mailbox are equal: quotes and backslashes that are not
 * needed are gone, and come back on output where they are.
 *
 * @param localPart without quotes; opaque
 * @param domain as given: a domain name, or an address literal in brackets; empty only for a lone {@code postmaster}
 */
record Mailbox(String localPart, String domain) {

    private static final String SPECIAL_ATEXT = "!#$%&'*+-/=?^_`{|}~";

    /** The key to look the domain up by. */
    String domainKey() {
        return domain.toLowerCase(Locale.ROOT);
    }

    Mailbox at(String otherDomain) {
        return new Mailbox(localPart, otherDomain);
    }

    /** Whether the local part could make another mail server send the message elsewhere. */
    boolean looksLikeRoute() {
        return localPart.indexOf('%') >= 0 || localPart.indexOf('!') >= 0 || localPart.indexOf('@') >= 0;
    }

    boolean isAscii() {
        return isAscii(localPart) && isAscii(domain);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    Address address() {
        return Address.smtp(toString());
    }

    /** RFC 5322 atext, and what RFC 6531 section 3.3 adds. */
    static boolean isAtext(char c) {
        return isLetterOrDigit(c) || SPECIAL_ATEXT.indexOf(c) >= 0 || isUtf8Text(c);
    }

    static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** A malformed octet was read as U+FFFD, so that is refused. Invisible characters deceive a reader. */
    static boolean isUtf8Text(char c) {
        return c >= 0xA0 && c != '\uFFFD' && !Character.isSpaceChar(c) && Character.getType(c) != Character.FORMAT;
    }

    private boolean needsQuotes() {
        if (localPart.isEmpty() || localPart.startsWith(".") || localPart.endsWith(".") || localPart.contains("..")) {
            return true;
        }
        for (int i = 0; i < localPart.length(); i++) {
            char c = localPart.charAt(i);
            if (c != '.' && !isAtext(c)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        String local = needsQuotes() ? '"' + localPart.replace("\\", "\\\\").replace("\"", "\\\"") + '"' : localPart;
        return domain.isEmpty() ? local : local + '@' + domain;
    }
}
