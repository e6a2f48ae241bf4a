package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;

/**
 * Writes content as it goes over the wire (RFC 5321 sections 2.3.8 and 4.5.2): every line ends with CR LF, and for DATA a
 * dot at the start of a line is doubled and a last dot alone ends it. A bare LF is the line end of a text file and becomes
 * CR LF; so does a bare CR, which is remembered, since it is no line end anywhere: no server can see an end that we do not
 * see. Keeps its state between pieces; one per message, one thread.
 */
final class DotStuffer {

    private final boolean dots;
    private boolean lineStart = true;
    private boolean pendingCr;
    private boolean bareCr;
    private boolean inHeader = true;
    private boolean eightBitHeader;
    private int seen;
    private long added;

    /**
     * At the start of a content.
     *
     * @param dots true for DATA, false for BDAT, where dots mean nothing
     */
    DotStuffer(boolean dots) {
        this.dots = dots;
    }

    /** Whether an octet beyond 127 went through. */
    boolean sawEightBit() {
        return seen < 0;
    }

    /** Whether one went through before the first empty line. */
    boolean sawEightBitHeader() {
        return inHeader ? seen < 0 : eightBitHeader;
    }

    /** How many octets were put in so that each line ends with CR LF; doubled dots do not count. */
    long added() {
        return added;
    }

    /** Whether a CR went through that no LF followed. */
    boolean sawBareCr() {
        return bareCr;
    }

    /**
     * Takes a piece of the content.
     *
     * @param in holds it
     * @param from first octet
     * @param to behind the last octet
     * @param out takes what goes over the wire
     */
    void feed(byte[] in, int from, int to, ByteBuf out) {
        int i = from;
        if (pendingCr && i < to) {
            pendingCr = false;
            endLine(out);
            boolean bare = in[i] != '\n';
            bareCr |= bare;
            added += bare ? 1 : 0;
            i += bare ? 0 : 1;
        }
        int run = i;
        while (i < to) {
            byte b = in[i];
            if (b == '\r' && i + 1 == to) {
                pendingCr = true;
                break;
            } else if (b == '\r' && in[i + 1] == '\n') {
                lineEnds();
                i += 2;
            } else if (b == '\r' || b == '\n') {
                bareCr |= b == '\r';
                added++;
                out.writeBytes(in, run, i - run);
                endLine(out);
                run = ++i;
            } else {
                if (lineStart && b == '.' && dots) {
                    out.writeBytes(in, run, i - run).writeByte('.');
                    run = i;
                }
                lineStart = false;
                i = skipText(in, i, to);
            }
        }
        out.writeBytes(in, run, i - run);
    }

    private int skipText(byte[] in, int from, int to) {
        int i = from;
        int bits = 0;
        while (i < to && in[i] != '\r' && in[i] != '\n') {
            bits |= in[i++];
        }
        seen |= bits;
        return i;
    }

    /**
     * Ends the last line if it has no end, and for DATA the content.
     *
     * @param out takes what goes over the wire
     */
    void finish(ByteBuf out) {
        if (pendingCr || !lineStart) {
            added += pendingCr ? 1 : 2;
            endLine(out);
        }
        bareCr |= pendingCr;
        pendingCr = false;
        if (dots) {
            out.writeByte('.').writeByte('\r').writeByte('\n');
        }
    }

    private void endLine(ByteBuf out) {
        out.writeByte('\r').writeByte('\n');
        lineEnds();
    }

    private void lineEnds() {
        if (lineStart && inHeader) {
            inHeader = false;
            eightBitHeader = seen < 0;
        }
        lineStart = true;
    }
}
