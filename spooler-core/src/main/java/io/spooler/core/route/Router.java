package io.spooler.core.route;

import io.spooler.Address;
import io.spooler.AddressPattern;
import io.spooler.Recipient;
import io.spooler.core.registry.Away;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which transports may carry a recipient, in order: the explicit one, if it claims it, and no other; or else all that
 * claim it by a pattern, then by its type, then every type; within each step by the configured order, then ranking, then age
 * (R28–R30). A pure function. Runs for each recipient: no streams here.
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
        List<Hop> hops = new ArrayList<>(2);
        for (TransportEntry entry : snapshot.transports()) {
            AddressPattern pattern = pattern(entry, address);
            if (pattern != null) {
                hops.add(new Hop(entry, "pattern " + pattern));
            }
        }
        byType(hops, snapshot, address.type(), "type " + address.type());
        byType(hops, snapshot, TransportEntry.ANY, "any type");
        return hops;
    }

    /**
     * Finds who is away and may carry a recipient that nobody present carries (R34).
     *
     * @param recipient whom
     * @param size octets of the message, or 0
     * @param snapshot what is present, and what is away
     * @return the first of them, or null if nobody that is known would carry it
     */
    public static @Nullable Away away(Recipient recipient, long size, Snapshot snapshot) {
        String pin = recipient.transport();
        for (Away away : snapshot.away()) {
            if ((pin == null || pin.equals(away.name())) && away.mayCarry(recipient.address(), size)) {
                return away;
            }
        }
        return null;
    }

    private static boolean claims(TransportEntry entry, Address address) {
        return entry.carries().stream().anyMatch(pattern -> pattern.matches(address));
    }

    private static void byType(List<Hop> hops, Snapshot snapshot, String type, String rule) {
        for (TransportEntry entry : snapshot.transports()) {
            if (entry.types().contains(type) && !contains(hops, entry)) {
                hops.add(new Hop(entry, rule));
            }
        }
    }

    private static boolean contains(List<Hop> hops, TransportEntry entry) {
        for (Hop hop : hops) {
            if (hop.transport().id() == entry.id()) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable AddressPattern pattern(TransportEntry entry, Address address) {
        for (AddressPattern pattern : entry.patterns()) {
            if (pattern.matches(address)) {
                return pattern;
            }
        }
        return null;
    }
}
