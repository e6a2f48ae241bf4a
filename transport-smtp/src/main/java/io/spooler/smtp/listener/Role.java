package io.spooler.smtp.listener;

import java.util.Locale;

/** Whom a listener is for. */
enum Role {
    /** Our own people, who may send anywhere, and strangers, who may send to our domains. */
    BOTH,
    /** Our own people only: those who log in, and those of listed networks (RFC 6409). */
    SUBMISSION,
    /** Other servers, with mail for our domains; nobody logs in. */
    DELIVERY;

    static Role of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
