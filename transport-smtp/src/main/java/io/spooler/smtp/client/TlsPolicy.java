package io.spooler.smtp.client;

import java.util.Locale;

/** What is wanted of encryption. */
enum TlsPolicy {
    /** Never. */
    NONE,
    /** If the server offers it, whoever it is; else, or if it fails, in clear text (RFC 7435). */
    MAY,
    /** Always, whoever the server is. */
    ENCRYPT,
    /** Always, and only with a server whose certificate is trusted and names the host. */
    VERIFY,
    /** For direct delivery: {@link #VERIFY} where the domain's MTA-STS policy wants it (RFC 8461), else {@link #MAY}. */
    STS,
    /**
     * For direct delivery: as the TLSA records of each mail exchanger want it (RFC 7672); where there are none that can be used, as
     * {@link #STS}, which never overrules them (RFC 8461 section 2).
     */
    DANE,
    /** For direct delivery: as the TLSA records want it, and nothing goes where there are none that can be used. */
    DANE_ONLY;

    static TlsPolicy of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is asked of each domain what is wanted. */
    boolean isOfDomains() {
        return this == STS || isDane();
    }

    /** Whether a policy of MTA-STS may be wanted. */
    boolean asksForSts() {
        return this == STS || this == DANE;
    }

    boolean isDane() {
        return this == DANE || this == DANE_ONLY;
    }

    boolean isRequired() {
        return this == ENCRYPT || this == VERIFY;
    }
}
