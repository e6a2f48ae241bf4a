package io.spooler.dkim;

import io.spooler.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hash of a body as it is sent (RFC 6376 sections 3.4.3 to 3.4.5): a bare LF counts as CRLF, since it leaves as one.
 * Streams; one body, one thread.
 */
final class BodyHash {

    /** No limit. */
    static final long ALL = Long.MAX_VALUE;

    private static final int BUFFER = 16 * 1024;

    private final MessageDigest digest = sha256();
    private final byte[] out = new byte[BUFFER];
    private final boolean relaxed;
    private final long limit;
    private long size;
    private int used;
    private long emptyLines;
    private boolean space;
    private boolean line;
    private boolean cr;

    /**
     * At the start of a body.
     *
     * @param relaxed whether white space counts as little as it may
     * @param limit octets that are hashed, or {@link #ALL}
     */
    BodyHash(boolean relaxed, long limit) {
        this.relaxed = relaxed;
        this.limit = limit;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Takes the rest of a content.
     *
     * @param content the message; blocks for its disk
     * @param from first octet of the body
     * @return this
     * @throws IOException if it cannot be read
     */
    BodyHash read(Content content, long from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long at = from;
        for (int count = content.read(at, buffer); count >= 0; count = content.read(at, buffer)) {
            at += count;
            buffer.flip();
            while (buffer.hasRemaining()) {
                see(buffer.get());
            }
            buffer.clear();
        }
        return this;
    }

    private void see(byte b) {
        if (cr && b != '\n') {
            octet((byte) '\r');
        }
        cr = b == '\r';
        if (b == '\n') {
            endLine();
        } else if (!cr) {
            octet(b);
        }
    }

    private void octet(byte b) {
        if (relaxed && (b == ' ' || b == '\t')) {
            space = true;
            return;
        }
        for (; emptyLines > 0; emptyLines--) {
            putLineEnd();
        }
        if (space) {
            put((byte) ' ');
        }
        put(b);
        space = false;
        line = true;
    }

    private void endLine() {
        if (line) {
            putLineEnd();
        } else {
            emptyLines++;
        }
        space = false;
        line = false;
    }

    private void putLineEnd() {
        put((byte) '\r');
        put((byte) '\n');
    }

    private void put(byte b) {
        if (size++ < limit) {
            if (used == out.length) {
                flush();
            }
            out[used++] = b;
        }
    }

    private void flush() {
        digest.update(out, 0, used);
        used = 0;
    }

    /** Ends the body: empty lines at its end do not count. */
    byte[] end() {
        if (cr) {
            octet((byte) '\r');
        }
        if (line || (size == 0 && !relaxed)) {
            putLineEnd();
        }
        flush();
        return digest.digest();
    }

    /** Octets of the body as it is hashed, without regard to the limit; known at the end. */
    long size() {
        return size;
    }
}
