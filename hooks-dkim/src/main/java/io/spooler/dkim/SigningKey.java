package io.spooler.dkim;

import java.security.PrivateKey;

/**
 * What a domain signs with.
 *
 * @param domain who signs, in ASCII and lower case
 * @param selector names the key in the DNS
 * @param algorithm how
 * @param key never shown
 */
record SigningKey(String domain, String selector, Algorithm algorithm, PrivateKey key) {

    /** Without the key. */
    @Override
    public String toString() {
        return selector + "._domainkey." + domain + " (" + algorithm.word() + ")";
    }
}
