package io.spooler.access;

import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Who may log in. Register as a service; where there are several the one with the highest ranking is asked, and no
 * other. The methods are called on threads that may block for some seconds, several at a time.
 */
@ConsumerType
public interface Users {

    /**
     * Checks a password. Should take as long for a name that does not exist.
     *
     * @param name as the client gave it; untrusted
     * @param password as the client gave it
     * @return true if it is the password of this user
     * @throws IOException if that cannot be found out now; the client may try again
     */
    boolean verify(String name, String password) throws IOException;

    /**
     * What a client can be checked with that does not show its password (SCRAM-SHA-256, RFC 7677).
     *
     * @param name as the client gave it; untrusted
     * @return empty if there is no such user, or only passwords can be checked
     * @throws IOException if that cannot be found out now; the client may try again
     */
    Optional<Scram> scram(String name) throws IOException;

    /**
     * Keys made from a password; the password cannot be computed from them (RFC 5802 section 3). All texts are Base64.
     *
     * @param iterations how slow the hash is, at least 4096
     * @param salt random, of this user alone
     * @param storedKey 32 octets
     * @param serverKey 32 octets; secret
     */
    record Scram(int iterations, String salt, String storedKey, String serverKey) {

        private static final int LEAST_ITERATIONS = 4096;
        private static final int KEY = 32;

        /**
         * Checks.
         *
         * @throws IllegalArgumentException if they cannot be such keys
         */
        public Scram {
            if (iterations < LEAST_ITERATIONS) {
                throw new IllegalArgumentException("fewer than 4096 iterations");
            }
            if (octets(salt) == 0 || octets(storedKey) != KEY || octets(serverKey) != KEY) {
                throw new IllegalArgumentException("salt is missing, or a key has not 32 octets");
            }
        }

        private static int octets(String base64) {
            return Base64.getDecoder().decode(base64).length;
        }

        /** Without the keys. */
        @Override
        public String toString() {
            return "Scram[" + iterations + " iterations]";
        }
    }
}
