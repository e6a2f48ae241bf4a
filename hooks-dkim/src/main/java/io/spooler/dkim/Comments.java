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
        StringBuilder out = new StringBuilder(value.length());
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean escape = c == '\\' && i + 1 < value.length() && (quoted || depth > 0);
            String piece = escape ? value.substring(i, i + 2) : String.valueOf(c);
            i += escape ? 1 : 0;
            if (!escape && depth == 0 && c == '"') {
                quoted = !quoted;
            }
            if (!escape && !quoted && c == '(') {
                depth++;
            } else if (!escape && !quoted && c == ')' && depth > 0) {
                depth--;
                out.append(' ');
            } else if (depth == 0) {
                out.append(piece);
            }
        }
        return out.toString();
    }
}
