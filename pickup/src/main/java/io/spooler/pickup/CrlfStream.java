package io.spooler.pickup;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Whatever ends a line (LF, CR or CRLF) comes out as CRLF: files of scripts have the line ends of their system, mail has
 * CRLF and nothing else (RFC 5321 section 2.3.8). One thread at a time.
 */
final class CrlfStream extends FilterInputStream {

    private int pending = -1;
    private boolean behindReturn;

    CrlfStream(InputStream in) {
        super(new BufferedInputStream(in));
    }

    @Override
    public int read() throws IOException {
        if (pending >= 0) {
            int next = pending;
            pending = -1;
            return next;
        }
        int c = in.read();
        if (behindReturn && c == '\n') {
            c = in.read();
        }
        behindReturn = c == '\r';
        if (c == '\r' || c == '\n') {
            pending = '\n';
            return '\r';
        }
        return c;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
        int done = 0;
        while (done < count) {
            int c = read();
            if (c < 0) {
                break;
            }
            target[from + done++] = (byte) c;
        }
        return done == 0 && count > 0 ? -1 : done;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
