package io.spooler.dkim;

import java.util.Locale;

/** What is said of a signature (RFC 8601 section 2.7.1). */
enum Result {
    /** There is none. */
    NONE,
    /** It holds. */
    PASS,
    /** It does not. */
    FAIL,
    /** It may hold, but proves too little for us. */
    POLICY,
    /** It cannot be understood. */
    NEUTRAL,
    /** Its key could not be looked up at present. */
    TEMPERROR,
    /** It has no key that can be used. */
    PERMERROR;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
