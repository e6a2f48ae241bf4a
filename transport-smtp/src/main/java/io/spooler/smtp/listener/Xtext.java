package io.spooler.smtp.listener;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The encoding of ENVID and ORCPT (RFC 3461 section 4). */
final class Xtext {

    private static final int LENGTH = 3;

    private Xtext() {}

    /**
     * Decodes. Non-ASCII characters, which a client may use under SMTPUTF8, stand for themselves or are encoded as the
     * octets of their UTF-8: so Postfix writes an international ORCPT.
     *
     * @param text as it came
     * @return printable characters and spaces only: what hides a control character is refused
     */
    static String decode(String text) throws Refused {
        StringBuilder out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '+') {
                int end = endOfOctets(text, i);
                out.append(octets(text, i, end));
                i = end;
            } else if (c == '=' || c <= ' ' || c == '\u007f' || (c >= 0x80 && !Mailbox.isUtf8Text(c))) {
                throw new Refused(Answer.BAD_ARGUMENT);
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    private static int endOfOctets(String text, int start) throws Refused {
        int end = start;
        while (end < text.length() && text.charAt(end) == '+') {
            end += LENGTH;
        }
        if (end > text.length()) {
            throw new Refused(Answer.BAD_ARGUMENT);
        }
        return end;
    }

    private static String octets(String text, int start, int end) throws Refused {
        ByteBuffer octets = ByteBuffer.allocate((end - start) / LENGTH);
        for (int i = start; i < end; i += LENGTH) {
            octets.put((byte) octet(text, i + 1));
        }
        try {
            String decoded =
                    StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).toString();
            if (decoded.chars().allMatch(c -> c < 0x80 || Mailbox.isUtf8Text((char) c))) {
                return decoded;
            }
        } catch (CharacterCodingException notUtf8) {
            // Refused as well.
        }
        throw new Refused(Answer.BAD_ARGUMENT);
    }

    private static int octet(String text, int start) throws Refused {
        int value = 16 * digit(text.charAt(start)) + digit(text.charAt(start + 1));
        if (value < ' ' || value == 0x7f) {
            throw new Refused(Answer.BAD_ARGUMENT);
        }
        return value;
    }

    /** Upper case only, as the grammar has it; a wrong digit makes the whole value negative. */
    private static int digit(char c) {
        int value = "0123456789ABCDEF".indexOf(c);
        return value < 0 ? -256 : value;
    }
}
