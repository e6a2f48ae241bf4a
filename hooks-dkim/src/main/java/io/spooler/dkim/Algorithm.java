package io.spooler.dkim;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** How a signature is made. RSA with SHA-1 is none any more (RFC 8301 section 3.1). */
enum Algorithm {
    /** RFC 6376 section 3.3.2. */
    RSA("rsa", "SHA256withRSA"),
    /** RFC 8463: signs the hash of what is signed. */
    ED25519("ed25519", "Ed25519");

    /** RFC 8301 section 3.2: shorter ones prove nothing. */
    static final int LEAST_BITS = 1024;

    /** What stands in front of 32 octets to make them a key that Java reads (RFC 8410 section 4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final String keyType;
    private final String java;

    Algorithm(String keyType, String java) {
        this.keyType = keyType;
        this.java = java;
    }

    /** The one of a word such as {@code rsa-sha256}. */
    static Optional<Algorithm> of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word().equalsIgnoreCase(word))
                .findFirst();
    }

    String word() {
        return keyType + "-sha256";
    }

    /** The word for it in a key record and in Java. */
    String keyType() {
        return keyType;
    }

    byte[] sign(PrivateKey key, byte[] data) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(java);
        signature.initSign(key);
        signature.update(input(data));
        return signature.sign();
    }

    boolean verify(PublicKey key, byte[] data, byte[] made) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(java);
        signature.initVerify(key);
        signature.update(input(data));
        return signature.verify(made);
    }

    private byte[] input(byte[] data) {
        return this == ED25519 ? BodyHash.sha256().digest(data) : data;
    }

    /** Reads the key of a key record. */
    PublicKey key(byte[] octets) throws GeneralSecurityException {
        byte[] encoded = octets;
        if (this == ED25519) {
            encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + octets.length);
            System.arraycopy(octets, 0, encoded, ED25519_PREFIX.length, octets.length);
        }
        return KeyFactory.getInstance(keyType).generatePublic(new X509EncodedKeySpec(encoded));
    }

    /** Whether a key is too short to prove anything. */
    static boolean isWeak(java.security.Key key) {
        return key instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_BITS;
    }
}
