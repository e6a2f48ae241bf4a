package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;

/**
 * Writes content as DATA wants it (RFC 5321 sections 2.3.8 and 4.5.2): every line ends with CR LF, a dot at the start
 * of a line is doubled, a last dot alone ends it. A bare CR or LF becomes CR LF, so that no server can see an end that
 * we do not see. Keeps its state between pieces; one per message, one thread.
 */
final class DotStuffer {

    private boolean lineStart = true;
    private boolean pendingCr;
    private int seen;

    /** Whether an octet beyond 127 went through. */
    boolean sawEightBit() {
        return seen < 0;
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
            i += in[i] == '\n' ? 1 : 0;
        }
        int run = i;
        while (i < to) {
            byte b = in[i];
            if (b == '\r' && i + 1 == to) {
                pendingCr = true;
                break;
            } else if (b == '\r' && in[i + 1] == '\n') {
                lineStart = true;
                i += 2;
            } else if (b == '\r' || b == '\n') {
                out.writeBytes(in, run, i - run);
                endLine(out);
                run = ++i;
            } else {
                if (lineStart && b == '.') {
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
     * Ends the last line if it has no end, and the content.
     *
     * @param out takes what goes over the wire
     */
    void finish(ByteBuf out) {
        if (pendingCr || !lineStart) {
            endLine(out);
        }
        pendingCr = false;
        out.writeByte('.').writeByte('\r').writeByte('\n');
    }

    private void endLine(ByteBuf out) {
        out.writeByte('\r').writeByte('\n');
        lineStart = true;
    }
}
