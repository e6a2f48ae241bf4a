package io.spooler.smtp.client;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The client's side of one log-in (RFC 4954), line by line. Its lines are not for logs. One thread at a time. */
interface Login {

    /** Mechanisms that are known for passwords, for people. */
    String KNOWN = "SCRAM-SHA-256, PLAIN or LOGIN";

    int NONCE = 18;

    /** The command that begins it. */
    String first();

    /**
     * Answers a challenge. May take a while.
     *
     * @param challenge text of the reply 334
     * @return the next line
     * @throws IllegalArgumentException if the server says what it must not; the text is for people
     */
    String next(String challenge);

    /** Whether the server has shown all that it must before its success counts. */
    default boolean isProven() {
        return true;
    }

    /**
     * The best mechanism that the server offers.
     *
     * @param who logs in
     * @param token in place of a password, or null
     * @param offered in upper case
     * @return the log-in, or null if no offer fits
     */
    static @Nullable Login choose(Credentials who, @Nullable String token, Set<String> offered) {
        String password = who.password().reveal();
        if (token != null) {
            String bearer = "user=" + who.user() + "\1auth=Bearer " + token + "\1\1";
            // A refusal comes as a challenge that wants an empty answer before it is one.
            return offered.contains("XOAUTH2") ? new Lines("AUTH XOAUTH2 " + encode(bearer), "") : null;
        }
        if (offered.contains("SCRAM-SHA-256")) {
            byte[] nonce = new byte[NONCE];
            new SecureRandom().nextBytes(nonce);
            return new Scram(who, Base64.getEncoder().encodeToString(nonce));
        }
        if (offered.contains("PLAIN")) {
            return new Lines("AUTH PLAIN " + encode("\0" + who.user() + "\0" + password));
        }
        return offered.contains("LOGIN") ? new Lines("AUTH LOGIN", encode(who.user()), encode(password)) : null;
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Lines that do not depend on what the server says: PLAIN (RFC 4616), LOGIN, XOAUTH2. */
    final class Lines implements Login {

        private final Deque<String> lines;

        private Lines(String... lines) {
            this.lines = new ArrayDeque<>(List.of(lines));
        }

        @Override
        public String first() {
            return lines.removeFirst();
        }

        @Override
        public String next(String challenge) {
            if (lines.isEmpty()) {
                throw new IllegalArgumentException("the server asks for more than the mechanism has");
            }
            return lines.removeFirst();
        }
    }
}
