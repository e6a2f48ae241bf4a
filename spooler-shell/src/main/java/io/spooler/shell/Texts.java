package io.spooler.shell;

import io.spooler.Reply;
import io.spooler.SpoolId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Small conversions between what people type and read and our values. */
final class Texts {

    /** Stands for every message where an id is expected. */
    static final String ALL = "all";

    private Texts() {}

    /**
     * Reads an id.
     *
     * @param text as typed
     * @return the id
     * @throws IllegalArgumentException if it is none; says what one looks like
     */
    static SpoolId id(String text) {
        return SpoolId.parse(text);
    }

    /**
     * A refusal of an id that means nothing.
     *
     * @param id as typed
     * @return to be thrown
     */
    static IllegalArgumentException unknown(Object id) {
        return new IllegalArgumentException("no message has the id " + Reply.clean(id.toString()));
    }

    /**
     * A time for people.
     *
     * @param time when, or null
     * @return ISO 8601 in UTC, to the second; null for null
     */
    static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * A time for programs.
     *
     * @param time when, or null
     * @return ISO 8601 in UTC; null for null
     */
    static @Nullable String exact(@Nullable Object time) {
        return time == null ? null : time.toString();
    }

    /**
     * A number with its noun.
     *
     * @param number how many
     * @param noun in the singular, with a regular plural
     * @return for example {@code 1 recipient} or {@code 2 recipients}
     */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
