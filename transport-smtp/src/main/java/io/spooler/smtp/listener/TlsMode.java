package io.spooler.smtp.listener;

import java.util.Locale;

/** When a listener encrypts. */
enum TlsMode {
    /** Never. */
    NONE,
    /** If the client asks for it, by STARTTLS (RFC 3207). */
    MAY,
    /** By STARTTLS, without which no mail is taken. */
    ENCRYPT,
    /** From the first octet on (RFC 8314). */
    IMPLICIT;

    static TlsMode of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Whether STARTTLS is offered. */
    boolean isOnDemand() {
        return this == MAY || this == ENCRYPT;
    }
}
