package io.spooler.smtp.listener;

import java.util.EnumSet;
import java.util.Set;

/**
 * Looks at the content of a message. Behind DATA it finds the end, and nothing else that looks like it: only
 * {@code CRLF . CRLF} ends; and takes away the stuffed dots (RFC 5321 section 4.5.2). In chunks (RFC 3030) dots are
 * nothing special. Notes every {@link Fault}; a faulty content is read on to its real end, so that none of it is ever
 * taken for a command.
 *
 * <p>A state machine over octets, with one tight loop for the inside of a line; the result is the same however the
 * octets are cut. One use, one thread.
 */
final class DataScanner {

    /** Takes what belongs to the content. */
    interface Sink {

        /** Takes a range; the array is reused behind this call. */
        void take(byte[] data, int from, int to);
    }

    /** Where the next octet stands. */
    private enum State {
        LINE_START,
        IN_LINE,
        /** Behind a CR that is not the one of a lone dot. */
        CR,
        /** Behind a dot at the start of a line. */
        DOT,
        /** Behind a dot at the start of a line, and a CR. */
        DOT_CR,
        ENDED
    }

    private static final byte NUL = 0;
    private static final byte TAB = '\t';
    private static final byte LF = '\n';
    private static final byte CR = '\r';
    private static final byte[] CRLF = {CR, LF};
    private static final int MAX_HEADER_LINES = 10_000;

    private final Limits limits;
    private final boolean stuffed;
    private final Set<Fault> faults = EnumSet.noneOf(Fault.class);
    private final HeaderWatch header = new HeaderWatch();

    private State state = State.LINE_START;
    private long size;
    /** Octets of the current line so far, without a stuffed dot. */
    private int column;

    /** Stuffed: as it comes behind DATA, else in chunks. */
    DataScanner(Limits limits, boolean stuffed) {
        this.limits = limits;
        this.stuffed = stuffed;
    }

    /** What is wrong so far. */
    Set<Fault> faults() {
        return faults;
    }

    /** How the content begins, as far as that is known of what was given so far. */
    HeaderWatch.Beginning beginning() {
        return header.beginning();
    }

    /** Whether the end of the content has come. */
    boolean ended() {
        return state == State.ENDED;
    }

    /**
     * Scans some octets.
     *
     * @param data holds them
     * @param from first octet
     * @param to behind the last octet
     * @param sink takes what belongs to the content, before the call returns
     * @return index behind the last octet used: {@code to}, unless the content has ended
     */
    int scan(byte[] data, int from, int to, Sink sink) {
        int at = from;
        int start = from;
        while (at < to && state != State.ENDED) {
            byte b = data[at];
            switch (state) {
                case LINE_START -> {
                    if (b == '.' && stuffed) {
                        give(data, start, at, sink);
                        start = ++at;
                        state = State.DOT;
                    } else {
                        state = State.IN_LINE;
                    }
                }
                case DOT -> {
                    if (b == CR) {
                        start = ++at;
                        state = State.DOT_CR;
                    } else {
                        state = State.IN_LINE;
                    }
                }
                case DOT_CR -> {
                    at = lineFeed(b, at, State.ENDED);
                    start = at;
                }
                case CR -> at = lineFeed(b, at, State.LINE_START);
                default -> at = inLine(data, at, to);
            }
        }
        give(data, start, at, sink);
        return at;
    }

    /** The last chunk has come. A line that has no end gets one: what is sent on by DATA has to have it. */
    void end(Sink sink) {
        if (state == State.CR) {
            faults.add(Fault.LINE_END);
        } else if (state == State.IN_LINE) {
            grow(1);
            endLine();
            give(CRLF, 0, CRLF.length, sink);
        }
        state = State.ENDED;
    }

    /** Behind a CR. Anything but LF is looked at again, as an octet in a line. */
    private int lineFeed(byte b, int at, State next) {
        if (b != LF) {
            faults.add(Fault.LINE_END);
            state = State.IN_LINE;
            return at;
        }
        state = next;
        if (next == State.LINE_START) {
            endLine();
        }
        return at + 1;
    }

    private int inLine(byte[] data, int from, int to) {
        int at = from;
        while (at < to && ((data[at] & 0xFF) > CR || data[at] == TAB)) {
            at++;
        }
        if (header.isOpen()) {
            header.see(data, from, at);
        }
        grow(at - from);
        return at < to ? control(data, at) : at;
    }

    private int control(byte[] data, int at) {
        byte b = data[at];
        grow(1);
        if (b == CR) {
            state = State.CR;
        } else if (b == LF) {
            faults.add(Fault.LINE_END);
        } else if (b == NUL) {
            faults.add(Fault.NUL);
        } else if (header.isOpen()) {
            header.see(data, at, at + 1);
        }
        return at + 1;
    }

    private void endLine() {
        grow(1);
        if (header.isOpen()) {
            header.endLine(column);
            checkHeader();
        }
        column = 0;
    }

    /** An endless line does not overflow the count. */
    private void grow(int by) {
        column += Math.min(by, Integer.MAX_VALUE - column);
        if (column > limits.line()) {
            faults.add(Fault.LONG_LINE);
        }
    }

    private void checkHeader() {
        if (header.size() > limits.headerSize() || header.lines() > MAX_HEADER_LINES) {
            faults.add(Fault.HEADER);
        }
        if (header.received() > limits.hops()) {
            faults.add(Fault.HOPS);
        }
    }

    private void give(byte[] data, int from, int to, Sink sink) {
        size += to - from;
        if (size > limits.messageSize()) {
            faults.add(Fault.SIZE);
        }
        if (to > from && faults.isEmpty()) {
            sink.take(data, from, to);
        }
    }
}
