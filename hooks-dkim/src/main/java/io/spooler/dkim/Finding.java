package io.spooler.dkim;

import org.jspecify.annotations.Nullable;

/**
 * What was found of one signature, or that there is none.
 *
 * @param result what is said of it
 * @param reason why, in our own words; may be empty
 * @param mark what it says of itself, or null if it cannot be understood
 */
record Finding(Result result, String reason, @Nullable Mark mark) {

    static final Finding UNSIGNED = new Finding(Result.NONE, "", null);

    static Finding of(Rejection why, @Nullable Mark mark) {
        return new Finding(why.result(), why.reason(), mark);
    }
}
