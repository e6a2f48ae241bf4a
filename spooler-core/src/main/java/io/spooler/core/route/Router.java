package io.spooler.core.route;

import io.spooler.Address;
import io.spooler.AddressPattern;
import io.spooler.Recipient;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which transports may carry a recipient, in order: the explicit one, if it claims it, and no other; or else all that
 * claim it by a pattern, then by its type, then every type; within each step by ranking, then age (R28–R30). A pure function.
 */
public final class Router {

    private Router() {}

    /**
     * One transport of a route.
     *
     * @param transport who
     * @param rule why, for people
     */
    public record Hop(TransportEntry transport, String rule) {}

    /**
     * Finds the route.
     *
     * @param recipient whom
     * @param snapshot what is present
     * @return the hops in order; empty if nobody claims the recipient
     */
    public static List<Hop> route(Recipient recipient, Snapshot snapshot) {
        String pin = recipient.transport();
        if (pin != null) {
            return snapshot.transports().stream()
                    .filter(entry -> entry.name().equals(pin) && claims(entry, recipient.address()))
                    .map(entry -> new Hop(entry, "explicit"))
                    .toList();
        }
        Address address = recipient.address();
        Map<Long, Hop> hops = new LinkedHashMap<>();
        add(hops, snapshot, entry -> pattern(entry, address).map(p -> "pattern " + p));
        add(hops, snapshot, entry -> type(entry, address.type()).map(t -> "type " + t));
        add(hops, snapshot, entry -> type(entry, TransportEntry.ANY).map(t -> "any type"));
        return new ArrayList<>(hops.values());
    }

    private static boolean claims(TransportEntry entry, Address address) {
        return entry.carries().stream().anyMatch(pattern -> pattern.matches(address));
    }

    private static void add(Map<Long, Hop> hops, Snapshot snapshot, Function<TransportEntry, Optional<String>> rule) {
        for (TransportEntry entry : snapshot.transports()) {
            rule.apply(entry).ifPresent(text -> hops.putIfAbsent(entry.id(), new Hop(entry, text)));
        }
    }

    private static Optional<AddressPattern> pattern(TransportEntry entry, Address address) {
        return entry.patterns().stream().filter(p -> p.matches(address)).findFirst();
    }

    private static Optional<String> type(TransportEntry entry, String type) {
        return entry.types().stream().filter(type::equals).findFirst();
    }
}
