package io.spooler.core.admin;

import io.spooler.Recipient;
import io.spooler.admin.SpoolAdmin.Hop;
import io.spooler.core.deliver.Delivery;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Away;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import io.spooler.core.route.Router;
import io.spooler.transport.TransportStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Shows routes without taking them. Any thread but the loop.
 *
 * @param loop owns the lanes
 * @param delivery knows the lanes
 */
record Routes(Loop loop, Delivery delivery) {

    /** All transports that are present or away: first those that would be asked, in order. */
    List<Hop> of(Recipient recipient, long size, Snapshot snapshot) {
        List<Hop> asked = new ArrayList<>();
        List<Hop> others = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (Router.Hop hop : Router.route(recipient, snapshot)) {
            TransportEntry entry = hop.transport();
            seen.add(entry.id());
            if (size > entry.maxSize()) {
                others.add(off(entry, "carries at most " + entry.maxSize() + " octets, the message has " + size));
            } else {
                String lane = lane(entry, recipient);
                asked.add(new Hop(entry.name(), true, hop.rule(), lane, note(entry, lane)));
            }
        }
        snapshot.transports().stream()
                .filter(entry -> !seen.contains(entry.id()))
                .forEach(entry -> others.add(off(entry, reason(entry, recipient))));
        asked.addAll(absent(recipient, size, snapshot));
        asked.addAll(others);
        return asked;
    }

    private static Hop off(TransportEntry entry, String why) {
        return new Hop(entry.name(), false, why, "", condition(entry));
    }

    private static String reason(TransportEntry entry, Recipient recipient) {
        String pin = recipient.transport();
        if (entry.carries().isEmpty()) {
            return "takes no recipients, it only brings messages in";
        } else if (entry.carries().stream().noneMatch(pattern -> pattern.matches(recipient.address()))) {
            return "carries only "
                    + entry.carries().stream().map(Object::toString).collect(Collectors.joining(", "));
        }
        return "the recipient may only go by " + pin;
    }

    /** Those that may carry it when they are back; or the one that is wanted and that nobody knows. */
    private static List<Hop> absent(Recipient recipient, long size, Snapshot snapshot) {
        String pin = recipient.transport();
        List<Hop> hops = new ArrayList<>();
        snapshot.away().stream()
                .filter(away -> pin == null || pin.equals(away.name()))
                .filter(away -> away.mayCarry(recipient.address(), size))
                .forEach(away -> hops.add(new Hop(away.name(), false, "away: " + away.reason(), "", "")));
        if (pin != null
                && !snapshot.isPresent(pin)
                && snapshot.away().stream().map(Away::name).noneMatch(pin::equals)) {
            hops.add(new Hop(pin, false, "absent: no transport of this name is present", "", ""));
        }
        return hops;
    }

    private String note(TransportEntry entry, String lane) {
        List<String> notes = new ArrayList<>(obstacles(entry, lane));
        notes.add(condition(entry));
        notes.removeIf(String::isEmpty);
        return String.join("; ", notes);
    }

    /** What keeps a recipient from its destination, in words that complete "its destination". */
    List<String> obstacles(TransportEntry entry, Recipient recipient) {
        return obstacles(entry, lane(entry, recipient));
    }

    private List<String> obstacles(TransportEntry entry, String lane) {
        return loop.call(() -> {
                    List<String> found = new ArrayList<>(2);
                    if (delivery.isSuspended(entry.name(), lane)) {
                        found.add("is suspended by an administrator");
                    }
                    Instant opens = delivery.closedUntil(entry.name(), lane);
                    if (opens != null) {
                        found.add("is outside its delivery window until " + opens.truncatedTo(ChronoUnit.SECONDS));
                    }
                    Instant until = delivery.restsUntil(entry.id(), lane);
                    if (until != null) {
                        found.add("rests until " + until.truncatedTo(ChronoUnit.SECONDS));
                    }
                    return found;
                })
                .join();
    }

    private static String lane(TransportEntry entry, Recipient recipient) {
        try {
            return entry.provider().lane(recipient.address());
        } catch (RuntimeException | LinkageError e) {
            // As the delivery does it.
            return "";
        }
    }

    /** Empty if all is well. */
    private static String condition(TransportEntry entry) {
        TransportStatus status = status(entry);
        return status.condition() == TransportStatus.Condition.AVAILABLE
                ? ""
                : status.condition() + ": " + status.text();
    }

    static TransportStatus status(TransportEntry entry) {
        try {
            return entry.provider().status();
        } catch (RuntimeException | LinkageError e) {
            return new TransportStatus(TransportStatus.Condition.FAILED, "status failed: " + e);
        }
    }
}
