package io.spooler.smtp.client;

import io.spooler.Reply;
import io.spooler.transport.Outcome;
import java.util.List;

/**
 * One complete reply of the server, as it came: untrusted.
 *
 * @param code three digits, 200 to 599
 * @param lines the texts behind the code, one per line, at least one
 */
record ServerReply(int code, List<String> lines) {

    /** The server is about to close the connection, whatever was asked (RFC 5321 section 3.8). */
    static final int CLOSING = 421;

    boolean isPositive() {
        return code / 100 == 2;
    }

    boolean isTemporary() {
        return code / 100 == 4;
    }

    boolean isClosing() {
        return code == CLOSING;
    }

    /** The same for people and reports: the server's own enhanced code if it gave one, else {@code x.0.0}. */
    Reply toReply() {
        return new Reply(status(), code + " " + String.join("\n", lines));
    }

    /** For logs: harmless. */
    @Override
    public String toString() {
        return Reply.clean(code + " " + String.join("\n", lines));
    }

    /** As the answer for a recipient that was not accepted. Anything that is neither 2xx nor 5xx may pass. */
    Outcome refusal(Outcome.Scope scope) {
        if (code / 100 == 5) {
            return new Outcome.Failed(toReply());
        }
        return new Outcome.Deferred(isClosing() ? Outcome.Scope.LANE : scope, null, asTemporary());
    }

    private Reply asTemporary() {
        return isTemporary() ? toReply() : new Reply("4.5.0", "unexpected reply: " + code + " " + lines.get(0));
    }

    /** As the reason why the server cannot be used now: a refusal of the session says nothing of a message. */
    Reply asObstacle(String when) {
        String status = isTemporary() ? status() : "4.3.0";
        return new Reply(status, when + ": " + code + " " + String.join("\n", lines));
    }

    /**
     * The rest of the recipients should come in another transaction: 452, or 552 as old servers say
     * (RFC 5321 section 4.5.3.1.10), unless the enhanced code says something else, as for a full mailbox.
     */
    boolean meansTooManyRecipients() {
        if (code != 452 && code != 552) {
            return false;
        }
        int length = enhancedLength(lines.get(0));
        return length == 0 ? code == 552 : lines.get(0).startsWith(".5.3", 1) && length == 5;
    }

    private String status() {
        String first = lines.get(0);
        int length = enhancedLength(first);
        if (length > 0) {
            return first.substring(0, length);
        }
        int kind = code / 100;
        return (kind == 2 || kind == 4 ? kind : 5) + ".0.0";
    }

    /** RFC 2034: class, subject and detail at the start of the text, the class being that of the code. */
    private int enhancedLength(String text) {
        int kind = code / 100;
        if (kind == 3 || text.length() < 5 || text.charAt(0) != '0' + kind || text.charAt(1) != '.') {
            return 0;
        }
        int subject = digits(text, 2);
        if (subject == 2 || subject >= text.length() || text.charAt(subject) != '.') {
            return 0;
        }
        int detail = digits(text, subject + 1);
        boolean ends = detail == text.length() || text.charAt(detail) == ' ';
        return detail > subject + 1 && ends ? detail : 0;
    }

    private static int digits(String text, int from) {
        int end = from;
        while (end < text.length()
                && end < from + 3
                && Character.digit(text.charAt(end), 10) >= 0
                && text.charAt(end) < 128) {
            end++;
        }
        return end;
    }
}
