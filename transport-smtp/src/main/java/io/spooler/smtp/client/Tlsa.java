package io.spooler.smtp.client;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/**
 * One TLSA record (RFC 6698 section 2.1).
 *
 * @param usage 2 for a certificate that signs the server's, 3 for the server's own; others are not for SMTP
 * @param selector 0 for the whole certificate, 1 for its public key
 * @param matching 0 for the octets themselves, 1 for their SHA-256, 2 for their SHA-512
 * @param data what must match, in lower hexadecimal digits
 */
record Tlsa(int usage, int selector, int matching, String data) {

    private static final int ISSUER = 2;
    private static final int OWN = 3;
    private static final int[] DIGITS = {0, 64, 128};

    /** Whether it can be understood, and is for SMTP (RFC 7672 section 3.1). */
    boolean isUsable() {
        boolean known = (isOwn() || isIssuer()) && (selector == 0 || selector == 1) && matching >= 0 && matching <= 2;
        return known && (matching == 0 ? !data.isEmpty() : data.length() == DIGITS[matching]);
    }

    /** Whether it is about the certificate of the server itself (DANE-EE). */
    boolean isOwn() {
        return usage == OWN;
    }

    /** Whether it is about a certificate that the server's is signed with (DANE-TA). */
    boolean isIssuer() {
        return usage == ISSUER;
    }

    /** Whether a certificate is the one meant. It must be usable. */
    boolean matches(X509Certificate certificate) {
        try {
            byte[] chosen = selector == 0
                    ? certificate.getEncoded()
                    : certificate.getPublicKey().getEncoded();
            return HexFormat.of().formatHex(compared(chosen)).equals(data);
        } catch (CertificateEncodingException e) {
            return false;
        }
    }

    private byte[] compared(byte[] chosen) {
        try {
            return matching == 0
                    ? chosen
                    : MessageDigest.getInstance(matching == 1 ? "SHA-256" : "SHA-512")
                            .digest(chosen);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of which kind it is, as in a zone file. */
    String kind() {
        return usage + " " + selector + " " + matching;
    }
}
