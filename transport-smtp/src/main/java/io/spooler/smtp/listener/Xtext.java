package io.spooler.smtp.listener;

/** The encoding of ENVID and ORCPT (RFC 3461 section 4). */
final class Xtext {

    private static final int HEX_DIGITS = 2;

    private Xtext() {}

    /**
     * Decodes. Non-ASCII characters, which a client may use under SMTPUTF8, stand for themselves.
     *
     * @param text as it came
     * @return printable characters and spaces only: what hides a control character is refused
     */
    static String decode(String text) throws Refused {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                c = hex(text, i + 1);
                i += HEX_DIGITS;
            } else if (c == '=' || c <= ' ' || c == '\u007f' || (c >= 0x80 && !Mailbox.isUtf8Text(c))) {
                throw new Refused(Answer.BAD_ARGUMENT);
            }
            out.append(c);
        }
        return out.toString();
    }

    private static char hex(String text, int start) throws Refused {
        int value = start + HEX_DIGITS <= text.length()
                ? 16 * digit(text.charAt(start)) + digit(text.charAt(start + 1))
                : -1;
        if (value < ' ' || value > '~') {
            throw new Refused(Answer.BAD_ARGUMENT);
        }
        return (char) value;
    }

    /** Upper case only, as the grammar has it; a wrong digit makes the whole value negative. */
    private static int digit(char c) {
        int value = "0123456789ABCDEF".indexOf(c);
        return value < 0 ? -256 : value;
    }
}
