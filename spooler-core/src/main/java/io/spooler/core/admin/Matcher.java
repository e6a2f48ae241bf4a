package io.spooler.core.admin;

import io.spooler.Address;
import io.spooler.AddressPattern;
import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.admin.Filter;
import io.spooler.admin.Filter.Addresses;
import io.spooler.admin.Filter.Field;
import io.spooler.admin.Filter.Ids;
import io.spooler.admin.Filter.Limit;
import io.spooler.admin.Filter.Names;
import io.spooler.admin.Filter.States;
import io.spooler.admin.Filter.Term;
import io.spooler.store.QueueFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a filter, and tells what of it a store can look at. Immutable, any thread.
 *
 * @param filter which
 * @param now ages are counted up to this time
 */
record Matcher(Filter filter, Instant now) {

    /** What the stores show of a recipient that a transport works on. */
    private static final Set<RecipientState> IN_WORK =
            EnumSet.of(RecipientState.READY, RecipientState.WAITING, RecipientState.DEFERRED);

    /** Tells whether at least one recipient is selected. */
    boolean matches(MessageStatus message) {
        return message.recipients().stream().anyMatch(recipient -> matches(message, recipient));
    }

    /** Tells whether a recipient is selected. */
    boolean matches(MessageStatus message, RecipientStatus recipient) {
        for (Term term : filter.terms()) {
            if (holds(term.test(), message, recipient) == term.negated()) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(Filter.Test test, MessageStatus message, RecipientStatus recipient) {
        if (test instanceof States states) {
            return states.states().contains(recipient.state());
        } else if (test instanceof Ids ids) {
            return ids.ids().contains(message.id());
        } else if (test instanceof Limit limit) {
            long amount = amount(limit.field(), message, recipient);
            return limit.above() ? amount > limit.amount() : amount < limit.amount();
        } else if (test instanceof Addresses addresses) {
            Address address = addresses.field() == Field.FROM
                    ? message.sender()
                    : recipient.recipient().address();
            return address == null
                    ? addresses.nobody()
                    : addresses.patterns().stream().anyMatch(pattern -> pattern.matches(address));
        }
        Names names = (Names) test;
        String name = name(names.field(), recipient);
        return name != null && names.globs().stream().anyMatch(glob -> AddressPattern.matches(glob, name));
    }

    private long amount(Field field, MessageStatus message, RecipientStatus recipient) {
        return switch (field) {
            case AGE -> Duration.between(message.submitted(), now).toSeconds();
            case SIZE -> message.size();
            default -> recipient.attempts();
        };
    }

    private static @Nullable String name(Field field, RecipientStatus recipient) {
        String name = switch (field) {
            case DOMAIN -> recipient.recipient().address().domain();
            case TYPE -> recipient.recipient().address().type();
            default -> recipient.transport();
        };
        return name == null ? null : name.toLowerCase(Locale.ROOT);
    }

    /** The only messages that can match, if the filter names them. */
    Optional<Set<SpoolId>> ids() {
        return wanted(Ids.class).map(Ids::ids).findFirst();
    }

    private <T extends Filter.Test> Stream<T> wanted(Class<T> kind) {
        return filter.terms().stream()
                .filter(term -> !term.negated() && kind.isInstance(term.test()))
                .map(term -> kind.cast(term.test()));
    }

    /**
     * What a store looks at: never less than the filter selects.
     *
     * @return empty if nothing can match
     */
    Optional<QueueFilter> stored() {
        Set<RecipientState> states = EnumSet.allOf(RecipientState.class);
        for (Term term : filter.terms()) {
            if (term.test() instanceof States test) {
                states.removeIf(state -> test.states().contains(state) == term.negated());
            }
        }
        if (states.isEmpty()) {
            return Optional.empty();
        }
        if (states.remove(RecipientState.OFFERED)) {
            states.addAll(IN_WORK);
        }
        boolean all = states.size() == RecipientState.values().length - 1;
        return Optional.of(new QueueFilter(all ? Set.of() : states, patterns()));
    }

    /** One term is enough for a store: the narrowest that there is. */
    private List<AddressPattern> patterns() {
        return Stream.of(
                        wanted(Addresses.class)
                                .filter(test -> test.field() == Field.TO)
                                .map(Addresses::patterns),
                        names(Field.DOMAIN).map(Matcher::domains),
                        names(Field.TYPE).map(Matcher::types))
                .flatMap(patterns -> patterns)
                .filter(patterns -> !patterns.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private Stream<List<String>> names(Field field) {
        return wanted(Names.class).filter(test -> test.field() == field).map(Names::globs);
    }

    /** Addresses without a domain have an empty one: a glob that matches it cannot be asked of a store. */
    private static List<AddressPattern> domains(List<String> globs) {
        return globs.stream().anyMatch(glob -> AddressPattern.matches(glob, ""))
                ? List.of()
                : globs.stream()
                        .map(glob -> new AddressPattern("*", "*@" + glob))
                        .toList();
    }

    /** A store compares types as they are: one with a star in it cannot be asked of it. */
    private static List<AddressPattern> types(List<String> globs) {
        return globs.stream().anyMatch(glob -> glob.indexOf('*') >= 0)
                ? List.of()
                : globs.stream().map(type -> new AddressPattern(type, "*")).toList();
    }
}
