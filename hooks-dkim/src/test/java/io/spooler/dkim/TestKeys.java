package io.spooler.dkim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;

/** A pair of keys, as file and as key record. */
record TestKeys(KeyPair pair, String type) {

    static TestKeys rsa(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return new TestKeys(generator.generateKeyPair(), "rsa");
    }

    static TestKeys ed25519() throws GeneralSecurityException {
        return new TestKeys(KeyPairGenerator.getInstance("Ed25519").generateKeyPair(), "ed25519");
    }

    Path write(Path file) throws IOException {
        String base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(pair.getPrivate().getEncoded());
        return Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
    }

    /** The text at {@code SELECTOR._domainkey.DOMAIN}. */
    String record() {
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] key = type.equals("rsa") ? encoded : Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        return "v=DKIM1; k=" + type + "; p=" + Base64.getEncoder().encodeToString(key);
    }
}
