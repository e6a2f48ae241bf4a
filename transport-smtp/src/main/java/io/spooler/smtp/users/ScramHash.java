package io.spooler.smtp.users;

import io.spooler.access.Users;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The arithmetic of SCRAM-SHA-256 (RFC 5802 section 3, RFC 7677), which hashes passwords slowly. Any thread. */
public final class ScramHash {

    private static final String HMAC = "HmacSHA256";
    private static final int KEY_BITS = 256;

    private ScramHash() {}

    /**
     * Whether keys were made from a password. Slow by intention: as many rounds as the keys say.
     *
     * @param keys of the user
     * @param password to be checked
     * @return true if so
     */
    public static boolean matches(Users.Scram keys, String password) {
        if (password.isEmpty()) {
            return false;
        }
        byte[] salted = salted(password, decode(keys.salt()), keys.iterations());
        byte[] storedKey = sha256(hmac(salted, "Client Key"));
        return MessageDigest.isEqual(storedKey, decode(keys.storedKey()));
    }

    /** The slow part. The password is normalised as near to RFC 4013 as Java has it. */
    private static byte[] salted(String password, byte[] salt, int iterations) {
        char[] text = Normalizer.normalize(password, Normalizer.Form.NFKC).toCharArray();
        PBEKeySpec spec = new PBEKeySpec(text, salt, iterations, KEY_BITS);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has it", e);
        } finally {
            spec.clearPassword();
        }
    }

    /**
     * Whether a client has shown that it knows the password.
     *
     * @param keys of the user
     * @param conversation what both have said
     * @param proof of the client
     * @return true if so
     */
    public static boolean proves(Users.Scram keys, String conversation, byte[] proof) {
        byte[] storedKey = decode(keys.storedKey());
        byte[] signature = hmac(storedKey, conversation);
        if (proof.length != signature.length) {
            return false;
        }
        byte[] clientKey = new byte[proof.length];
        for (int i = 0; i < proof.length; i++) {
            clientKey[i] = (byte) (proof[i] ^ signature[i]);
        }
        return MessageDigest.isEqual(sha256(clientKey), storedKey);
    }

    /**
     * What shows the client that we know its keys.
     *
     * @param keys of the user
     * @param conversation what both have said
     * @return Base64
     */
    public static String signature(Users.Scram keys, String conversation) {
        return Base64.getEncoder().encodeToString(hmac(decode(keys.serverKey()), conversation));
    }

    /**
     * HMAC-SHA-256.
     *
     * @param key not empty
     * @param text any
     * @return 32 octets
     */
    public static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private static byte[] decode(String base64) {
        return Base64.getDecoder().decode(base64);
    }
}
