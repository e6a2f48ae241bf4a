package io.spooler.smtp.client;

/**
 * Checks what is written between angle brackets (RFC 5321 section 4.1.2), so that no address can say more than an
 * address: no bracket, space or control character outside a quoted local part, no quote that is left open. Length and
 * the finer rules are left to the server. No state.
 */
final class Mailbox {

    private Mailbox() {}

    /**
     * Tells whether a path may be sent as it is.
     *
     * @param value {@code local-part@domain}, or {@code postmaster}
     * @return false if it would be misunderstood
     */
    static boolean isSafe(String value) {
        int at = value.startsWith("\"") ? endOfQuoted(value) : endOfDots(value);
        if (at <= 0) {
            return false;
        }
        if (at == value.length()) {
            return value.equalsIgnoreCase("postmaster");
        }
        return value.charAt(at) == '@' && isDomain(value.substring(at + 1));
    }

    /** The index behind the closing quote, or -1. */
    private static int endOfQuoted(String value) {
        for (int i = 1; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                // Nothing may stand in the quotes (RFC 5321 section 4.1.2).
                return i + 1;
            }
            if (c == '\\') {
                i++;
            }
            if (i >= value.length() || Character.isISOControl(value.charAt(i))) {
                return -1;
            }
        }
        return -1;
    }

    /** The index of the at sign or of the end, or -1. */
    private static int endOfDots(String value) {
        int i = 0;
        while (i < value.length() && value.charAt(i) != '@') {
            if (isForbidden(value.charAt(i)) || "\"(),:;[]\\".indexOf(value.charAt(i)) >= 0) {
                return -1;
            }
            i++;
        }
        return i;
    }

    private static boolean isDomain(String domain) {
        boolean literal = domain.startsWith("[") && domain.endsWith("]");
        String inner = literal ? domain.substring(1, domain.length() - 1) : domain;
        for (int i = 0; i < inner.length(); i++) {
            if (isForbidden(inner.charAt(i)) || "@\"(),;[]\\".indexOf(inner.charAt(i)) >= 0) {
                return false;
            }
        }
        return !inner.isEmpty() && (literal || inner.indexOf(':') < 0);
    }

    private static boolean isForbidden(char c) {
        return c == '<' || c == '>' || c == ' ' || Character.isISOControl(c) || Character.isWhitespace(c);
    }

    /**
     * Tells whether SMTPUTF8 is needed.
     *
     * @param text any
     * @return true if there is a character beyond US-ASCII
     */
    static boolean isInternational(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 126) {
                return true;
            }
        }
        return false;
    }
}
