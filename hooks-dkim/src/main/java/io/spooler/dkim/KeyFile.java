package io.spooler.dkim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the key of a domain from its file. Blocks for the disk. */
final class KeyFile {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----", Pattern.DOTALL);
    private static final long MOST_OCTETS = 64 * 1024;

    private KeyFile() {}

    /**
     * Reads.
     *
     * @param domain who signs
     * @param selector names the key
     * @param file PKCS#8 in PEM form, without password
     * @return the key
     * @throws IOException if it cannot be used: which file, why, and what helps
     */
    static SigningKey read(String domain, String selector, Path file) throws IOException {
        Matcher pem = PEM.matcher(text(file));
        if (!pem.find()) {
            throw new IOException(file + " holds no PRIVATE KEY in PEM form; convert another form with: "
                    + "openssl pkcs8 -topk8 -nocrypt -in " + file + " -out " + file + ".new");
        }
        byte[] octets = octets(file, pem.group(1));
        for (Algorithm algorithm : Algorithm.values()) {
            try {
                return checked(new SigningKey(domain, selector, algorithm, key(algorithm, octets)), file);
            } catch (InvalidKeySpecException e) {
                // Of another algorithm, perhaps.
            }
        }
        throw new IOException(file + " holds a key that is neither RSA nor Ed25519; " + cure(file));
    }

    private static String text(Path file) throws IOException {
        try {
            if (Files.size(file) > MOST_OCTETS) {
                throw new IOException(file + " is larger than any key; " + cure(file));
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no key file " + file + "; " + cure(file), e);
        }
    }

    private static byte[] octets(Path file, String base64) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged: no base64", e);
        }
    }

    private static PrivateKey key(Algorithm algorithm, byte[] octets) throws InvalidKeySpecException {
        try {
            return KeyFactory.getInstance(algorithm.keyType()).generatePrivate(new PKCS8EncodedKeySpec(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java from 15 on has both", e);
        }
    }

    private static SigningKey checked(SigningKey key, Path file) throws IOException {
        if (Algorithm.isWeak(key.key())) {
            throw new IOException(file + " holds a key of less than " + Algorithm.LEAST_BITS + " bits; " + cure(file));
        }
        return key;
    }

    private static String cure(Path file) {
        return "make a key with: openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out " + file;
    }
}
