package io.spooler.smtp.listener;

/**
 * Why a content is refused once its end has come. Where several apply the first of this list is the reply, so that the
 * answer does not depend on how the bytes were cut into packets.
 */
enum Fault {
    /** More octets than allowed. */
    SIZE(552, "5.3.4", "message too large"),
    /** A CR or LF that does not belong to a CRLF: what another server might take for a line end (RFC 5321 2.3.8). */
    LINE_END(550, "5.5.2", "bare CR or LF in the message, a line ends with CR LF"),
    /** NUL. */
    NUL(550, "5.6.0", "NUL in the message"),
    /** The header has too many octets or lines. */
    HEADER(552, "5.3.4", "header too large"),
    /** A line over the limit. */
    LONG_LINE(550, "5.6.0", "line too long in the message"),
    /** More trace lines than allowed. */
    HOPS(554, "5.4.6", "too many hops, this looks like a mail loop");

    private final int code;
    private final String status;
    private final String text;

    Fault(int code, String status, String text) {
        this.code = code;
        this.status = status;
        this.text = text;
    }

    Answer answer() {
        return Answer.of(code, status, text);
    }
}
