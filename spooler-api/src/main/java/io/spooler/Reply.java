package io.spooler;

import java.util.regex.Pattern;

/**
 * What a remote system, or the spooler itself, said of a recipient: an enhanced status code (RFC 3463) and a text.
 * Untrusted text is made harmless here, once: control characters become spaces, each line is cut to 512 characters,
 * the whole to 2 048.
 *
 * @param status {@code class.subject.detail}, for example {@code 4.4.1}
 * @param text one line, no control characters, at most 2 048 characters
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
        for (int i = 0; i < text.length() && out.length() < MAX_TEXT; i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line = 0;
                out.append(' ');
            } else if (line++ < MAX_LINE) {
                out.append(isUnsafe(c) ? ' ' : c);
            }
        }
        return out.toString().strip();
    }

    private static boolean isUnsafe(char c) {
        // Also format characters (bidirectional overrides) and half surrogates at a cut: they deceive a reader.
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || c == '\u2028' || c == '\u2029';
    }

    @Override
    public String toString() {
        return text.isEmpty() ? status : status + ' ' + text;
    }
}
