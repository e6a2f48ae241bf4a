package io.spooler.smtp.listener;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * One reply to a client (RFC 5321 section 4.2), with an enhanced status code (RFC 2034) unless it is empty. The text is
 * always ours: nothing that a client said is repeated. Immutable; those that are sent often are made once.
 */
final class Answer implements Step {

    /** Asks for the content; only this one starts it. */
    static final Answer START_CONTENT = of(354, "", "end with <CRLF>.<CRLF>");

    /** Begins TLS behind it; only this one does. */
    static final Answer START_TLS = of(220, "2.0.0", "ready to start TLS");

    static final Answer OK = of(250, "2.0.0", "ok");
    static final Answer SENDER_OK = of(250, "2.1.0", "ok");
    static final Answer RECIPIENT_OK = of(250, "2.1.5", "ok");
    static final Answer BYE = closing(221, "2.0.0", "bye");
    static final Answer NOT_SMTP = closing(221, "2.7.0", "this is an SMTP server");

    static final Answer LOGGED_IN = of(235, "2.7.0", "logged in");
    static final Answer SHUTTING_DOWN = closing(421, "4.3.2", "shutting down, try again later");
    static final Answer STORE_GONE = closing(421, "4.3.0", "local error, try again later");
    static final Answer TIMEOUT = closing(421, "4.4.2", "too slow, closing");
    static final Answer TOO_MANY_CONNECTIONS = closing(421, "4.7.0", "too many connections, try again later");
    static final Answer TOO_MANY_ERRORS = closing(421, "4.7.0", "too many errors");

    static final Answer BARRED = closing(421, "4.7.0", "too many failed log-ins, try again later");

    static final Answer NO_SPOOLER = of(451, "4.3.2", "spooler is not available");
    static final Answer LOCAL_ERROR = of(451, "4.3.0", "local error, try again later");
    static final Answer TOO_MANY_RECIPIENTS = of(452, "4.5.3", "too many recipients");

    static final Answer RECIPIENT_LATER = of(451, "4.3.0", "recipient cannot be checked now");
    static final Answer RECIPIENT_GONE = of(451, "4.2.1", "a recipient is not there any more, send once more");
    static final Answer NO_LOGINS = of(454, "4.7.0", "nobody can log in now");

    static final Answer UNKNOWN_COMMAND = of(500, "5.5.2", "command not recognised");
    static final Answer LINE_TOO_LONG = of(500, "5.5.2", "line too long");
    static final Answer BARE_LF = closing(500, "5.5.2", "a line ends with CR LF");
    static final Answer BAD_ARGUMENT = of(501, "5.5.4", "syntax error in arguments");
    /** Closes, since nobody knows how many octets follow. */
    static final Answer BAD_CHUNK = closing(501, "5.5.4", "syntax error in arguments, where does the data end?");

    static final Answer LOGIN_CANCELLED = of(501, "5.7.0", "log-in cancelled");
    static final Answer NO_BASE64 = of(501, "5.5.2", "not Base64");
    static final Answer NOT_IMPLEMENTED = of(502, "5.5.1", "command not implemented");
    static final Answer BAD_SEQUENCE = of(503, "5.5.1", "bad sequence of commands");
    static final Answer UNKNOWN_MECHANISM = of(504, "5.5.4", "mechanism not known");
    static final Answer NEEDS_LOGIN = of(530, "5.7.0", "must log in first");
    static final Answer BAD_LOGIN = of(535, "5.7.8", "name or password is wrong");
    static final Answer LOGIN_NEEDS_TLS = of(538, "5.7.11", "encryption is required to log in");
    static final Answer NEEDS_TLS = of(530, "5.7.0", "must issue a STARTTLS command first");
    static final Answer NO_RECIPIENTS = of(554, "5.5.1", "no valid recipients");
    static final Answer TOO_EARLY = closing(554, "5.5.0", "talked before it was your turn");
    static final Answer BAD_PARAMETER = of(555, "5.5.4", "parameter not recognised");
    static final Answer TOO_LARGE = of(552, "5.3.4", "message too large");
    /** Closes rather than to read so much and drop it. */
    static final Answer CHUNK_TOO_LARGE = closing(552, "5.3.4", "message too large");

    static final Answer UNKNOWN_RECIPIENT = of(550, "5.1.1", "no such recipient here");
    static final Answer NO_RELAY = of(550, "5.7.1", "relaying denied");
    static final Answer NEEDS_UTF8 = of(553, "5.6.7", "non-ASCII address needs SMTPUTF8");

    private final int code;
    private final List<String> lines;
    private final boolean closes;
    private final String wire;

    private Answer(int code, String status, List<String> lines, boolean closes) {
        this.code = code;
        this.lines = List.copyOf(lines);
        this.closes = closes;
        this.wire = wire(code, status, lines);
    }

    /**
     * A reply of one line.
     *
     * @param code three digits
     * @param status enhanced status code, or an empty text
     * @param text ASCII
     */
    static Answer of(int code, String status, String text) {
        return new Answer(code, status, List.of(text), false);
    }

    /** A reply of several lines, at least one. */
    static Answer of(int code, List<String> lines) {
        return new Answer(code, "", lines, false);
    }

    /** A reply behind which the connection ends. */
    static Answer closing(int code, String status, String text) {
        return new Answer(code, status, List.of(text), true);
    }

    /** Asks for the next step of a log-in. */
    static Answer ask(String challenge) {
        return of(334, "", Base64.getEncoder().encodeToString(challenge.getBytes(StandardCharsets.UTF_8)));
    }

    private static String wire(int code, String status, List<String> lines) {
        StringBuilder out = new StringBuilder(64);
        for (int i = 0; i < lines.size(); i++) {
            out.append(code).append(i < lines.size() - 1 ? '-' : ' ');
            if (!status.isEmpty()) {
                out.append(status).append(' ');
            }
            out.append(lines.get(i)).append("\r\n");
        }
        return out.toString();
    }

    List<String> lines() {
        return lines;
    }

    /** True if the connection ends behind this reply. */
    boolean closes() {
        return closes;
    }

    /** Whether it says that what was said is no command. */
    boolean isNoCommand() {
        return this == UNKNOWN_COMMAND || this == NOT_SMTP || this == TOO_EARLY;
    }

    /** Whether it says no, for now or for good. */
    boolean isRefusal() {
        return code >= 400;
    }

    /** Whether it brings a message nearer, and not just the talk along. */
    boolean getsOn() {
        return code == 354 || code == 334 || code == 235 || this == SENDER_OK || this == RECIPIENT_OK;
    }

    /** Whether a log-in goes on. */
    boolean asks() {
        return code == 334;
    }

    /** Whether a client that goes on like this is to be shut out. */
    boolean isError() {
        return code >= 500;
    }

    /** The bytes on the wire, as ASCII text with every line end. */
    String wire() {
        return wire;
    }

    @Override
    public String toString() {
        return wire;
    }
}
