package io.spooler.imap;

import java.io.IOException;

/** Reads a content that ends with a line of one dot (RFC 1939 section 3). Only CR LF ends a line. Used once. */
final class DotReader {

    private static final int BUFFER = 16 * 1024;

    private final Wire wire;
    private final byte[] buffer = new byte[BUFFER];
    private int size;

    DotReader(Wire wire) {
        this.wire = wire;
    }

    /** Reads all of it; the last line ends with CR LF. */
    void copy(Remote.Sink sink) throws IOException {
        boolean start = true;
        int last = 0;
        while (true) {
            int octet = wire.read();
            if (start && octet == '.') {
                octet = wire.read();
                if (octet == '\r') {
                    int next = wire.read();
                    if (next == '\n') {
                        flush(sink);
                        return;
                    }
                    put(octet, sink);
                    octet = next;
                }
            }
            put(octet, sink);
            start = last == '\r' && octet == '\n';
            last = octet;
        }
    }

    private void put(int octet, Remote.Sink sink) throws IOException {
        if (size == BUFFER) {
            flush(sink);
        }
        buffer[size++] = (byte) octet;
    }

    private void flush(Remote.Sink sink) throws IOException {
        sink.write(buffer, 0, size);
        size = 0;
    }
}
