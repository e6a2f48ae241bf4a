package io.spooler.shell;

import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.admin.Filter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
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
     * Reads a filter.
     *
     * @param words as typed; one word may be the id of a message
     * @return the filter
     * @throws IllegalArgumentException if it is none; says what one looks like
     */
    static Filter filter(String... words) {
        if (!isOneWord(words) || words[0].equals(ALL)) {
            return Filter.parse(String.join(" ", words));
        }
        try {
            return Filter.of(id(words[0]));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + "; a filter looks like: state:DEFERRED 'age>2h'", e);
        }
    }

    /**
     * Tells an id, or all, from a filter.
     *
     * @param words as typed
     * @return true if it is one word without an operator
     */
    static boolean isOneWord(String... words) {
        return words.length == 1 && !words[0].isEmpty() && words[0].chars().noneMatch(c -> " :<>".indexOf(c) >= 0);
    }

    /**
     * The one message that a filter names.
     *
     * @param filter any
     * @return its id, if the filter is nothing but an id
     */
    static Optional<SpoolId> onlyId(Filter filter) {
        return filter.terms().size() == 1
                        && !filter.terms().get(0).negated()
                        && filter.terms().get(0).test() instanceof Filter.Ids ids
                        && ids.ids().size() == 1
                ? ids.ids().stream().findFirst()
                : Optional.empty();
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
