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
    STS;

    static TlsPolicy of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isRequired() {
        return this == ENCRYPT || this == VERIFY;
    }
}
