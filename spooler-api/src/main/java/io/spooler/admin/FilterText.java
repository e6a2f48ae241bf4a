package io.spooler.admin;

import io.spooler.AddressPattern;
import io.spooler.RecipientState;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.admin.Filter.Addresses;
import io.spooler.admin.Filter.Field;
import io.spooler.admin.Filter.Ids;
import io.spooler.admin.Filter.Limit;
import io.spooler.admin.Filter.Names;
import io.spooler.admin.Filter.States;
import io.spooler.admin.Filter.Test;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the values of a term mean, and how they are written. Pure. */
final class FilterText {

    private static final String NOBODY = "<>";
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9]{1,32}|\\*");
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})([A-Za-z]?)");

    private FilterText() {}

    /** Units, the largest first; what stands alone counts once. */
    private enum Unit {
        DAY(Field.AGE, "d", 86_400),
        HOUR(Field.AGE, "h", 3_600),
        MINUTE(Field.AGE, "m", 60),
        SECOND(Field.AGE, "s", 1),
        GIGA(Field.SIZE, "G", 1L << 30),
        MEGA(Field.SIZE, "M", 1L << 20),
        KILO(Field.SIZE, "k", 1L << 10),
        OCTET(Field.SIZE, "", 1),
        TIME(Field.ATTEMPTS, "", 1);

        private final Field field;
        private final String sign;
        private final long worth;

        Unit(Field field, String sign, long worth) {
            this.field = field;
            this.sign = sign;
            this.worth = worth;
        }

        static Stream<Unit> of(Field field) {
            return Arrays.stream(values()).filter(unit -> unit.field == field);
        }
    }

    static boolean isType(String text) {
        return TYPE.matcher(text).matches();
    }

    /** How a field is used, for people. */
    static String usage(Field field) {
        return isLimit(field) ? field + ">" + example(field) : field + ":";
    }

    private static String example(Field field) {
        return field == Field.AGE ? "2h" : field == Field.SIZE ? "10k" : "3";
    }

    private static boolean isLimit(Field field) {
        return field == Field.AGE || field == Field.SIZE || field == Field.ATTEMPTS;
    }

    /**
     * Gives a term its meaning.
     *
     * @throws IllegalArgumentException says what is allowed
     */
    static Test test(Field field, char operator, List<String> values) {
        if (isLimit(field)) {
            require(operator != ':' && values.size() == 1, allowed(field));
            return new Limit(field, operator == '>', amount(field, values.get(0)));
        }
        require(operator == ':', field + " takes a colon");
        require(values.stream().noneMatch(String::isEmpty), "a value is missing");
        return switch (field) {
            case FROM, TO -> addresses(field, values);
            case STATE -> new States(states(values));
            case ID -> new Ids(values.stream().map(SpoolId::parse).collect(Collectors.toSet()));
            default -> new Names(field, values);
        };
    }

    private static void require(boolean right, String allowed) {
        if (!right) {
            throw new IllegalArgumentException(allowed);
        }
    }

    private static Addresses addresses(Field field, List<String> values) {
        require(field == Field.FROM || !values.contains(NOBODY), "only a sender can be " + NOBODY);
        List<AddressPattern> patterns = values.stream()
                .filter(value -> !value.equals(NOBODY))
                .map(FilterText::pattern)
                .toList();
        return new Addresses(field, patterns, values.contains(NOBODY));
    }

    /** A type stands in front of the first colon, if it can be one; else the value is of any type. */
    private static AddressPattern pattern(String value) {
        int colon = value.indexOf(':');
        return colon > 0 && isType(value.substring(0, colon))
                ? new AddressPattern(value.substring(0, colon), value.substring(colon + 1))
                : new AddressPattern("*", value);
    }

    private static Set<RecipientState> states(List<String> values) {
        Set<RecipientState> all = EnumSet.allOf(RecipientState.class);
        return values.stream()
                .map(value -> all.stream()
                        .filter(state -> state.name().equals(value.toUpperCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "no state is named " + Reply.clean(value) + "; allowed are " + all)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(RecipientState.class)));
    }

    private static String allowed(Field field) {
        String units =
                Unit.of(field).map(unit -> unit.sign).filter(s -> !s.isEmpty()).collect(Collectors.joining(", "));
        return field + " takes > or < and a whole number" + (units.isEmpty() ? "" : " with one of " + units)
                + ", for example " + field + ">" + example(field);
    }

    private static long amount(Field field, String value) {
        Matcher amount = AMOUNT.matcher(value);
        require(amount.matches(), allowed(field));
        Unit unit = Unit.of(field)
                .filter(u -> u.sign.equalsIgnoreCase(amount.group(2)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(allowed(field)));
        long number = Long.parseLong(amount.group(1));
        require(number <= Long.MAX_VALUE / unit.worth, allowed(field));
        return number * unit.worth;
    }

    /** A term as {@link #test} reads it. */
    static String of(Test test) {
        if (test instanceof Limit limit) {
            return limit.field() + (limit.above() ? ">" : "<") + amount(limit);
        } else if (test instanceof States states) {
            return joined(Field.STATE, EnumSet.copyOf(states.states()).stream().map(RecipientState::name));
        } else if (test instanceof Ids ids) {
            return joined(Field.ID, new TreeSet<>(ids.ids()).stream().map(SpoolId::toString));
        } else if (test instanceof Addresses addresses) {
            List<String> values = new ArrayList<>(addresses.nobody() ? List.of(NOBODY) : List.of());
            addresses.patterns().forEach(pattern -> values.add(pattern.toString()));
            return joined(addresses.field(), values.stream());
        }
        Names names = (Names) test;
        return joined(names.field(), names.globs().stream());
    }

    private static String amount(Limit limit) {
        Unit unit = Unit.of(limit.field())
                .filter(u -> u.worth == 1 || (limit.amount() > 0 && limit.amount() % u.worth == 0))
                .findFirst()
                .orElseThrow();
        return limit.amount() / unit.worth + unit.sign;
    }

    private static String joined(Field field, Stream<String> values) {
        return field + ":" + values.map(FilterText::quoted).collect(Collectors.joining(","));
    }

    private static String quoted(String value) {
        boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || Character.isWhitespace(c));
        return plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
