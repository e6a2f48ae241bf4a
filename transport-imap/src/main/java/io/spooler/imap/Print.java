package io.spooler.imap;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * The print of a message: a digest of its header, by which it is known again if the server gives it another id. Line ends
 * do not count, nor what stands behind the first empty line or 64 KiB. One thread.
 */
final class Print implements Remote.Sink {

    /** So much of a header counts, octets. */
    static final int MOST = 64 * 1024;

    private static final int LENGTH = 18;

    private final MessageDigest digest;
    private int count;
    private int last = '\n';
    private boolean ended;

    Print() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void write(byte[] octets, int from, int size) {
        for (int i = from; i < from + size && !ended; i++) {
            int octet = octets[i];
            if (octet != '\r') {
                ended = octet == '\n' && last == '\n';
                last = octet;
                if (!ended) {
                    digest.update((byte) octet);
                }
            }
            ended |= ++count == MOST;
        }
    }

    /** Whether nothing more counts. */
    boolean isEnded() {
        return ended;
    }

    /** 24 characters; once. */
    String text() {
        return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest.digest(), LENGTH));
    }
}
