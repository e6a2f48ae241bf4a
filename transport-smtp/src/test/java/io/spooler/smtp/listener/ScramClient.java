package io.spooler.smtp.listener;

import io.spooler.smtp.users.ScramHash;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** The other side of SCRAM-SHA-256, written from RFC 5802. */
final class ScramClient {

    private final String first;
    private String conversation = "";
    private byte[] salted = new byte[0];

    ScramClient(String user) {
        this.first = "n=" + user + ",r=rOprNGfwEbeRWgbNEkqO";
    }

    static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static String decode(String reply) {
        return new String(Base64.getDecoder().decode(reply.substring(4)), StandardCharsets.UTF_8);
    }

    /** What is said first. */
    String hello() {
        return encode("n,," + first);
    }

    /** The proof, as an answer to the challenge. */
    String proof(String challenge, String password) throws Exception {
        return proof(challenge, challenge.split(",", -1)[0], password);
    }

    /** A proof that is right for another nonce. */
    String proof(String challenge, String nonce, String password) throws Exception {
        String[] parts = challenge.split(",", -1);
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        int rounds = Integer.parseInt(parts[2].substring(2));
        salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(password.toCharArray(), salt, rounds, 256))
                .getEncoded();
        String bare = "c=biws," + nonce;
        conversation = first + "," + challenge + "," + bare;
        byte[] key = ScramHash.hmac(salted, "Client Key");
        byte[] signature = ScramHash.hmac(MessageDigest.getInstance("SHA-256").digest(key), conversation);
        for (int i = 0; i < key.length; i++) {
            key[i] ^= signature[i];
        }
        return encode(bare + ",p=" + Base64.getEncoder().encodeToString(key));
    }

    /** What the server must show. */
    String signature() {
        byte[] key = ScramHash.hmac(salted, "Server Key");
        return "v=" + Base64.getEncoder().encodeToString(ScramHash.hmac(key, conversation));
    }
}
