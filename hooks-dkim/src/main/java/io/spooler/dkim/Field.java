package io.spooler.dkim;

import java.util.Locale;

/**
 * A field of a header.
 *
 * @param name in lower case; empty for a line that is no field
 * @param text all of it, one character for each octet, with CRLF between its lines and none at its end
 */
record Field(String name, String text) {

    /** Takes the name from the text; a character that no name has (RFC 5322 section 2.2) makes it none. */
    static Field of(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? "" : stripEnd(text.substring(0, colon));
        boolean valid = name.chars().allMatch(c -> c > ' ' && c <= '~');
        return new Field(valid ? name.toLowerCase(Locale.ROOT) : "", text);
    }

    /** What stands behind the colon, as it is. */
    String value() {
        return text.substring(text.indexOf(':') + 1);
    }

    /** RFC 6376 section 3.4.2: without a line end. */
    String relaxed() {
        return name + ':' + collapse(value());
    }

    /** Unfolded, white space as one space, none at the ends. */
    static String collapse(String value) {
        StringBuilder out = new StringBuilder(value.length());
        boolean space = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' && value.startsWith("\r\n", i)) {
                i++;
            } else if (c == ' ' || c == '\t') {
                space = true;
            } else {
                out.append(space && !out.isEmpty() ? " " : "").append(c);
                space = false;
            }
        }
        return out.toString();
    }

    private static String stripEnd(String name) {
        int end = name.length();
        while (end > 0 && (name.charAt(end - 1) == ' ' || name.charAt(end - 1) == '\t')) {
            end--;
        }
        return name.substring(0, end);
    }
}
