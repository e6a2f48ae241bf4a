package io.spooler;

import java.util.regex.Pattern;

/**
 * What a remote system, or the spooler itself, said of a recipient: an enhanced status code (RFC 3463) and a text.
 * Untrusted text is made harmless here, once: control characters become spaces, each line is cut to 512 octets of
 * UTF-8, the whole to 2 048.
 *
 * @param status {@code class.subject.detail}, for example {@code 4.4.1}
 * @param text one line, no control characters, at most 2 048 octets in UTF-8
 */
public record Reply(String status, String text) {

    private static final Pattern STATUS = Pattern.compile("[245]\\.\\d{1,3}\\.\\d{1,3}");
    private static final int MAX_LINE = 512;
    private static final int MAX_TEXT = 2048;

    /**
     * Cleans the text.
     *
     * @throws IllegalArgumentException if the status is no enhanced status code
     */
    public Reply {
        if (!STATUS.matcher(status).matches()) {
            throw new IllegalArgumentException("not an enhanced status code: " + clean(status));
        }
        text = clean(text);
    }

    /**
     * Makes untrusted text safe for logs, reports, consoles and the journal.
     *
     * @param text anything, several lines perhaps
     * @return one line without control characters, bounded in length
     */
    public static String clean(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), MAX_LINE));
        int line = 0;
        int all = 0;
        for (int i = 0; i < text.length() && all < MAX_TEXT; i = text.offsetByCodePoints(i, 1)) {
            int c = text.codePointAt(i);
            int shown = isUnsafe(c) ? ' ' : c;
            line = c == '\n' ? 0 : line + octets(shown);
            all += line <= MAX_LINE ? octets(shown) : 0;
            if (line <= MAX_LINE && all <= MAX_TEXT) {
                out.appendCodePoint(shown);
            }
        }
        return out.toString().strip();
    }

    private static int octets(int c) {
        return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }

    private static boolean isUnsafe(int c) {
        // Also format characters (bidirectional overrides) and half surrogates: they deceive a reader.
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || c == '\u2028'
                || c == '\u2029';
    }

    @Override
    public String toString() {
        return text.isEmpty() ? status : status + ' ' + text;
    }
}
