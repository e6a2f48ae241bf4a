package io.spooler.dkim;

/** Comments in structured fields (RFC 5322 section 3.2.2). Pure. */
final class Comments {

    private Comments() {}

    /**
     * Takes them out.
     *
     * @param value of a field
     * @return with a space for each comment; what is quoted stays
     */
    static String strip(String value) {
        return strip(value, true);
    }

    /**
     * Takes them and what is quoted out.
     *
     * @param value of a field
     * @return with a space for each comment, and a {@code q} for each quoted string
     */
    static String bare(String value) {
        return strip(value, false);
    }

    /** By hand: an expression goes a step deeper for each character that is quoted. */
    private static String strip(String value, boolean quotes) {
        StringBuilder out = new StringBuilder(value.length());
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean escape = c == '\\' && i + 1 < value.length() && (quoted || depth > 0);
            String piece = escape ? value.substring(i, i + 2) : String.valueOf(c);
            i += escape ? 1 : 0;
            boolean quote = !escape && depth == 0 && c == '"';
            quoted ^= quote;
            if (!escape && !quoted && c == '(') {
                depth++;
            } else if (!escape && !quoted && c == ')' && depth > 0) {
                depth--;
                out.append(' ');
            } else if (depth == 0 && (quotes || !(quoted || quote))) {
                out.append(piece);
            } else if (depth == 0 && quote && !quoted) {
                out.append('q');
            }
        }
        return out.toString();
    }
}
