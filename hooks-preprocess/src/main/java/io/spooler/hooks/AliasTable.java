package io.spooler.hooks;

import io.spooler.Address;
import io.spooler.Recipient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Aliases, and how recipients are expanded by them. Immutable.
 *
 * @param targets for each alias, in lower case, {@code name} or {@code name@domain}, its targets
 */
record AliasTable(Map<String, List<Address>> targets) {

    /** No alias. */
    static final AliasTable EMPTY = new AliasTable(Map.of());

    private static final int MAX_DEPTH = 10;

    AliasTable {
        targets = Map.copyOf(targets);
    }

    /**
     * Expands recipients by aliases, by the aliases of those, and so on up to ten deep, and removes duplicates (R7). An
     * alias that leads back to itself, or is ten deep, stands for the address of its own name.
     *
     * @param recipients of one message
     * @param domains mail domains, in lower case, in which an alias without a domain holds
     * @return the recipients, in order, the first of equal ones kept
     */
    List<Recipient> expand(List<Recipient> recipients, Set<String> domains) {
        Expansion expansion = new Expansion(domains);
        recipients.forEach(recipient -> expansion.add(recipient, 0));
        return List.copyOf(expansion.result.values());
    }

    /**
     * Whether an address is an alias.
     *
     * @param address of any type
     * @param domains as for {@link #expand}
     * @return true if it is
     */
    boolean holds(Address address, Set<String> domains) {
        return alias(address, domains).isPresent();
    }

    /** The alias that an address means: with its domain first, then without. */
    private Optional<String> alias(Address address, Set<String> domains) {
        String value = address.value().toLowerCase(Locale.ROOT);
        if (address.type().equals(Address.LOCAL)) {
            return Optional.of(value).filter(targets::containsKey);
        }
        if (!address.type().equals(Address.SMTP)) {
            return Optional.empty();
        }
        if (targets.containsKey(value)) {
            return Optional.of(value);
        }
        return Optional.of(address.localPart().toLowerCase(Locale.ROOT))
                .filter(name -> domains.contains(address.domain()))
                .filter(targets::containsKey);
    }

    /** One expansion. One thread. */
    private final class Expansion {

        private final Set<String> domains;
        private final Map<String, Recipient> result = new LinkedHashMap<>();

        /** Aliases on the way to the present address. */
        private final List<String> path = new ArrayList<>();

        /** Aliases whose targets are all in the result: expanding them again could take for ever, and adds nothing. */
        private final Set<String> done = new HashSet<>();

        Expansion(Set<String> domains) {
            this.domains = domains;
        }

        void add(Recipient recipient, int depth) {
            Optional<String> alias = alias(recipient.address(), domains);
            if (alias.isEmpty() || path.contains(alias.get()) || depth == MAX_DEPTH) {
                result.putIfAbsent(recipient.address().key(), recipient);
            } else if (!done.contains(alias.get())) {
                path.add(alias.get());
                for (Address target : targets.getOrDefault(alias.get(), List.of())) {
                    add(recipient.withAddress(target), depth + 1);
                }
                path.remove(path.size() - 1);
                done.add(alias.get());
            }
        }
    }
}
