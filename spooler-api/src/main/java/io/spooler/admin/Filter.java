package io.spooler.admin;

import io.spooler.AddressPattern;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Selects recipients in the queue: one small language for shell, consoles and scripts. A recipient is selected if every
 * term holds for it or for its message.
 *
 * <table>
 * <caption>Terms</caption>
 * <tr><td>{@code from:ann@example.org}</td><td>the sender; {@code from:<>} is the null sender</td></tr>
 * <tr><td>{@code to:*@example.org}, {@code to:LOCAL:ann}</td><td>the recipient; without a type, of any type</td></tr>
 * <tr><td>{@code domain:example.org}</td><td>the domain of the recipient</td></tr>
 * <tr><td>{@code type:SMTP}</td><td>the address type of the recipient</td></tr>
 * <tr><td>{@code transport:smtp*}</td><td>the last one asked; {@code -transport:*} if none was</td></tr>
 * <tr><td>{@code state:DEFERRED,WAITING}</td><td>the state of the recipient</td></tr>
 * <tr><td>{@code id:ID}</td><td>the message</td></tr>
 * <tr><td>{@code age>2h}, {@code age<3d}</td><td>since submission; {@code s m h d}</td></tr>
 * <tr><td>{@code size>10k}</td><td>octets; {@code k}, {@code M}, {@code G} are powers of 1 024</td></tr>
 * <tr><td>{@code attempts>3}</td><td>how often a transport was asked</td></tr>
 * </table>
 *
 * <p>A comma within a value means or; {@code -} or {@code !} in front of a term means not; {@code *} stands for any
 * characters in addresses, domains, types and names, which are compared without case. A value with spaces, commas or
 * quotes stands in double quotes, in which {@code \} takes the next character as it is. {@code all}, or nothing, selects
 * everything.
 *
 * @param terms all must hold; none selects everything
 */
public record Filter(List<Term> terms) {

    /** Everything. */
    public static final Filter ALL = new Filter(List.of());

    /** Copies. */
    public Filter {
        terms = List.copyOf(terms);
    }

    /**
     * Reads the language.
     *
     * @param text at most 100 000 characters; what {@link #toString()} writes, among others
     * @return the filter
     * @throws IllegalArgumentException if a term cannot be read: names it and says what is allowed, in harmless text
     */
    public static Filter parse(String text) {
        return new FilterReader(text).read();
    }

    /**
     * One message.
     *
     * @param id which
     * @return a filter that selects all recipients of it
     */
    public static Filter of(SpoolId id) {
        return new Filter(List.of(new Term(false, new Ids(Set.of(id)))));
    }

    /** In the language; reads back as an equal filter. */
    @Override
    public String toString() {
        return terms.isEmpty()
                ? FilterReader.ALL
                : terms.stream().map(Term::toString).collect(Collectors.joining(" "));
    }

    /** What a term looks at. */
    public enum Field {
        /** The sender. */
        FROM,
        /** The recipient. */
        TO,
        /** The domain of the recipient. */
        DOMAIN,
        /** The address type of the recipient. */
        TYPE,
        /** The transport that was asked last. */
        TRANSPORT,
        /** The state of the recipient. */
        STATE,
        /** The message. */
        ID,
        /** Time since submission. */
        AGE,
        /** Octets of the message. */
        SIZE,
        /** How often a transport was asked. */
        ATTEMPTS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One condition.
     *
     * @param negated true if the test must not hold
     * @param test what is looked at
     */
    public record Term(boolean negated, Test test) {

        @Override
        public String toString() {
            return (negated ? "-" : "") + FilterText.of(test);
        }
    }

    /** What a term asks. */
    public sealed interface Test {}

    /**
     * An address is one of these.
     *
     * @param field FROM or TO
     * @param patterns any of them; their type is a tag of letters and digits, or {@code *}
     * @param nobody true if the null sender is meant, too; only with FROM
     */
    public record Addresses(Field field, List<AddressPattern> patterns, boolean nobody) implements Test {

        /** Checks and copies. */
        public Addresses {
            patterns = List.copyOf(patterns);
            check(field == Field.FROM || (field == Field.TO && !nobody), "from or to");
            check(nobody || !patterns.isEmpty(), "an address");
            check(patterns.stream().map(AddressPattern::type).allMatch(FilterText::isType), "a type of letters");
        }
    }

    /**
     * A name looks like one of these.
     *
     * @param field DOMAIN, TYPE or TRANSPORT
     * @param globs any of them, kept in lower case; {@code *} stands for any characters
     */
    public record Names(Field field, List<String> globs) implements Test {

        /** Checks and normalises. */
        public Names {
            globs = globs.stream().map(g -> g.toLowerCase(Locale.ROOT)).toList();
            check(
                    field == Field.DOMAIN || field == Field.TYPE || field == Field.TRANSPORT,
                    "domain, type or transport");
            check(!globs.isEmpty() && globs.stream().noneMatch(String::isEmpty), "a name");
        }
    }

    /**
     * The recipient is in one of these states.
     *
     * @param states at least one
     */
    public record States(Set<RecipientState> states) implements Test {

        /** Checks and copies. */
        public States {
            check(!states.isEmpty(), "a state");
            states = Set.copyOf(states);
        }
    }

    /**
     * The message is one of these.
     *
     * @param ids at least one
     */
    public record Ids(Set<SpoolId> ids) implements Test {

        /** Checks and copies. */
        public Ids {
            check(!ids.isEmpty(), "an id");
            ids = Set.copyOf(ids);
        }
    }

    /**
     * A number is above or below a limit.
     *
     * @param field AGE in seconds, SIZE in octets, or ATTEMPTS
     * @param above true for more than, false for less than
     * @param amount the limit, 0 to 10^18 - 1
     */
    public record Limit(Field field, boolean above, long amount) implements Test {

        private static final long MOST = 1_000_000_000_000_000_000L;

        /** Checks. */
        public Limit {
            check(field == Field.AGE || field == Field.SIZE || field == Field.ATTEMPTS, "age, size or attempts");
            check(amount >= 0 && amount < MOST, "an amount from 0 to 10^18 - 1");
        }
    }

    private static void check(boolean right, String allowed) {
        if (!right) {
            throw new IllegalArgumentException("a filter needs " + allowed);
        }
    }
}
