package io.spooler.smtp.listener;

import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the path of MAIL and RCPT (RFC 5321 section 4.1.2; non-ASCII of RFC 6531 section 3.3). Strict; source routes
 * are refused. Lengths count octets: local part 64, domain 255, label 63. One use, one thread.
 */
final class PathParser {

    private static final int MAX_LOCAL_PART = 64;
    private static final int MAX_DOMAIN = 255;
    private static final int MAX_LABEL = 63;
    private static final String IPV6 = "ipv6:";

    /**
     * What was read.
     *
     * @param mailbox the mailbox, or null for {@code <>}
     * @param end index behind the path
     */
    record Path(@Nullable Mailbox mailbox, int end) {}

    private final String text;
    private final String status;
    private final boolean lenient;
    private int at;

    private PathParser(String text, String status, boolean lenient) {
        this.text = text;
        this.lenient = lenient;
        this.status = status;
    }

    /**
     * Reads a path.
     *
     * @param text what stands behind {@code FROM:} or {@code TO:}
     * @param status of a syntax error: 5.1.7 for a sender, 5.1.3 for a recipient
     * @param lenient true to take a space before the path, and a path without brackets
     */
    static Path parse(String text, String status, boolean lenient) throws Refused {
        return new PathParser(text, status, lenient).path();
    }

    private Refused syntax() {
        return new Refused(Answer.of(501, holdsControl(text) ? "5.1.7" : status, "syntax error in address"));
    }

    private static boolean holdsControl(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private Path path() throws Refused {
        while (lenient && peek() == ' ') {
            at++;
        }
        boolean bracket = peek() == '<';
        if (!bracket && !lenient) {
            throw new Refused(Answer.BAD_ARGUMENT);
        }
        at += bracket ? 1 : 0;
        if (bracket && peek() == '>') {
            at++;
            return end(null);
        }
        if (peek() == '@') {
            throw new Refused(Answer.of(550, "5.7.1", "source routes are refused"));
        }
        Mailbox mailbox = mailbox();
        if (bracket) {
            expect('>');
        }
        return end(mailbox);
    }

    /** Behind the path comes nothing, or a space; a second address is no parameter. */
    private Path end(@Nullable Mailbox mailbox) throws Refused {
        int end = at;
        if (at < text.length()) {
            expect(' ');
            while (peek() == ' ') {
                at++;
            }
            if (peek() == '<') {
                throw syntax();
            }
        }
        return new Path(mailbox, end);
    }

    private Mailbox mailbox() throws Refused {
        int start = at;
        String local = peek() == '"' ? quoted() : dotted();
        checkLength(start, MAX_LOCAL_PART);
        if (peek() != '@' && local.equalsIgnoreCase("postmaster")) {
            return new Mailbox(local, "");
        }
        expect('@');
        return new Mailbox(local, peek() == '[' ? literal() : domain());
    }

    private String dotted() throws Refused {
        int start = at;
        do {
            at += at > start ? 1 : 0;
            int atom = at;
            while (Mailbox.isAtext(peek())) {
                at++;
            }
            if (at == atom) {
                throw syntax();
            }
        } while (peek() == '.');
        return text.substring(start, at);
    }

    private String quoted() throws Refused {
        expect('"');
        StringBuilder content = new StringBuilder();
        while (peek() != '"') {
            if (peek() == '\\') {
                at++;
            }
            char c = peek();
            if (!(c >= ' ' && c <= '~') && !Mailbox.isUtf8Text(c)) {
                throw syntax();
            }
            content.append(c);
            at++;
        }
        at++;
        return content.toString();
    }

    private String domain() throws Refused {
        int start = at;
        do {
            at += at > start ? 1 : 0;
            label();
        } while (peek() == '.');
        checkLength(start, MAX_DOMAIN);
        return text.substring(start, at);
    }

    private void label() throws Refused {
        int start = at;
        while (Mailbox.isLetterOrDigit(peek())
                || Mailbox.isUtf8Text(peek())
                || peek() == '-'
                || (lenient && peek() == '_')) {
            at++;
        }
        if (at == start || text.charAt(start) == '-' || text.charAt(at - 1) == '-') {
            throw syntax();
        }
        checkLength(start, MAX_LABEL);
    }

    private String literal() throws Refused {
        int start = at;
        int close = text.indexOf(']', at);
        if (close < 0) {
            throw syntax();
        }
        at = close + 1;
        if (!isIpAddress(text.substring(start + 1, close))) {
            throw syntax();
        }
        return text.substring(start, at);
    }

    private static boolean isIpAddress(String content) {
        return content.toLowerCase(Locale.ROOT).startsWith(IPV6)
                ? content.indexOf('%') < 0 && NetUtil.isValidIpV6Address(content.substring(IPV6.length()))
                : NetUtil.isValidIpV4Address(content);
    }

    private void checkLength(int start, int most) throws Refused {
        // A char is three octets at most, so a short text need not be counted.
        boolean surely = 3 * (at - start) <= most;
        if (!surely && text.substring(start, at).getBytes(StandardCharsets.UTF_8).length > most) {
            throw syntax();
        }
    }

    private void expect(char c) throws Refused {
        if (peek() != c) {
            throw syntax();
        }
        at++;
    }

    /** The next character; NUL, which no rule allows, at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }
}
