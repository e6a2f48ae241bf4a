package io.spooler.itests.instance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** SCRAM-SHA-256 as RFC 5802 and RFC 7677 have it: the line of a user's file, and the words of a client. */
final class Scram {

    private static final int ROUNDS = 4096;
    private static final String FIRST = "n=ann,r=rOprNGfwEbeRWgbNEkqO";

    private Scram() {}

    /** A line of the file of users. */
    static String user(String name, String password) throws GeneralSecurityException {
        byte[] salt = "a salt of a test".getBytes(StandardCharsets.US_ASCII);
        byte[] salted = salted(password, salt, ROUNDS);
        return name + ":SCRAM-SHA-256$" + ROUNDS + ":" + encode(salt) + "$" + encode(sha256(hmac(salted, "Client Key")))
                + ":" + encode(hmac(salted, "Server Key"));
    }

    /** What ann says first. */
    static String hello() {
        return encode(("n,," + FIRST).getBytes(StandardCharsets.US_ASCII));
    }

    /** Her answer to the challenge, which came as the text of a reply 334. */
    static String proof(String reply, String password) throws GeneralSecurityException {
        String challenge = new String(Base64.getDecoder().decode(reply.substring(4)), StandardCharsets.US_ASCII);
        String[] parts = challenge.split(",", -1);
        byte[] salted = salted(
                password, Base64.getDecoder().decode(parts[1].substring(2)), Integer.parseInt(parts[2].substring(2)));
        String last = "c=biws," + parts[0];
        byte[] proof = hmac(salted, "Client Key");
        byte[] signature = hmac(sha256(proof), FIRST + "," + challenge + "," + last);
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= signature[i];
        }
        return encode((last + ",p=" + encode(proof)).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] salted(String password, byte[] salt, int rounds) throws GeneralSecurityException {
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(password.toCharArray(), salt, rounds, 256))
                .getEncoded();
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sha256(byte[] octets) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(octets);
    }

    private static String encode(byte[] octets) {
        return Base64.getEncoder().encodeToString(octets);
    }
}
