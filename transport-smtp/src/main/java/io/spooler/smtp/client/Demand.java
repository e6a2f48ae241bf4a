package io.spooler.smtp.client;

import org.jspecify.annotations.Nullable;

/**
 * What is wanted of encryption with one server, by what its domain says.
 *
 * @param policy one that says it without asking further: {@code MAY}, {@code ENCRYPT} or {@code VERIFY}
 * @param reason who wants it, for people
 * @param tlsa what the certificate must match (DANE), or null where a trusted one must name the host
 */
record Demand(TlsPolicy policy, String reason, @Nullable TlsaSet tlsa) {

    /** Without TLSA records. */
    Demand(TlsPolicy policy, String reason) {
        this(policy, reason, null);
    }

    /** For status and traces. */
    @Override
    public String toString() {
        return policy.word() + ", " + reason;
    }
}
