package io.spooler.smtp.client;

import io.spooler.settings.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding: the password does not go over the wire, and the server must
 * show that it knows it, too. One thread at a time.
 */
final class Scram implements Login {

    private static final int LEAST_ROUNDS = 4_096;
    /** More would let a server keep us busy. */
    private static final int MOST_ROUNDS = 500_000;

    private static final int BITS = 256;

    private final Credentials who;
    private final String nonce;
    private final String bare;
    private byte[] expected = {};
    private boolean proven;

    Scram(Credentials who, String nonce) {
        this.who = who;
        this.nonce = nonce;
        this.bare = "n=" + who.user().replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
    }

    @Override
    public String first() {
        return "AUTH SCRAM-SHA-256 " + encode(utf8("n,," + bare));
    }

    @Override
    public String next(String challenge) {
        String text = new String(Base64.getDecoder().decode(challenge.strip()), StandardCharsets.UTF_8);
        if (expected.length == 0) {
            return encode(utf8(prove(text)));
        }
        byte[] shown = Base64.getDecoder().decode(attributes(text).getOrDefault("v", ""));
        proven = MessageDigest.isEqual(expected, shown);
        if (!proven) {
            throw new IllegalArgumentException("the server does not know the password itself");
        }
        return "";
    }

    @Override
    public boolean isProven() {
        return proven;
    }

    private String prove(String challenge) {
        Map<String, String> said = attributes(challenge);
        String both = said.getOrDefault("r", "");
        int rounds = rounds(said.getOrDefault("i", ""));
        if (!both.startsWith(nonce) || both.length() == nonce.length() || said.containsKey("m")) {
            throw new IllegalArgumentException("the server breaks the rules of SCRAM");
        }
        byte[] salted = who.salted(Base64.getDecoder().decode(said.getOrDefault("s", "")), rounds);
        String last = "c=biws,r=" + both;
        byte[] signed = utf8(bare + ',' + challenge + ',' + last);
        byte[] key = hmac(salted, utf8("Client Key"));
        byte[] proof = hmac(sha256(key), signed);
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= key[i];
        }
        expected = hmac(hmac(salted, utf8("Server Key")), signed);
        return last + ",p=" + encode(proof);
    }

    private static int rounds(String text) {
        int rounds = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
        if (rounds < LEAST_ROUNDS || rounds > MOST_ROUNDS) {
            throw new IllegalArgumentException("the server asks for " + rounds + " rounds of SCRAM");
        }
        return rounds;
    }

    private static Map<String, String> attributes(String text) {
        Map<String, String> found = new HashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals == 1) {
                found.put(part.substring(0, 1), part.substring(2));
            }
        }
        return found;
    }

    /** The password as it is used from there on: quick is not wanted. */
    static byte[] salted(Secret password, byte[] salt, int rounds) {
        char[] text =
                Normalizer.normalize(password.reveal(), Normalizer.Form.NFKC).toCharArray();
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(text, salt, rounds, BITS))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
