package io.spooler.core.registry;

import io.spooler.Address;
import io.spooler.AddressPattern;
import java.util.List;

/**
 * A transport that is expected, but not present: what it alone carries is held for it (R34, R35). Plain values; nothing of
 * its bundle is kept.
 *
 * @param name its name
 * @param named true if the settings name it; else its configuration exists
 * @param seen false if it has not been present since the start, so that nobody knows what it carries
 * @param pids names of its configurations; empty if it has none, or was not seen
 * @param carries what it carried, or everything if it was not seen
 * @param maxSize largest message in octets
 */
public record Away(
        String name, boolean named, boolean seen, List<String> pids, List<AddressPattern> carries, long maxSize) {

    static Away left(TransportEntry entry, boolean named, List<String> pids) {
        return new Away(entry.name(), named, true, pids, entry.carries(), entry.maxSize());
    }

    static Away unseen(String name) {
        return new Away(name, true, false, List.of(), List.of(AddressPattern.ANY), Long.MAX_VALUE);
    }

    Away named(boolean other) {
        return new Away(name, other, seen, pids, carries, maxSize);
    }

    Away withoutConfiguration() {
        return new Away(name, named, seen, List.of(), carries, maxSize);
    }

    /** Nothing says any more that it comes back. */
    boolean isForgotten() {
        return !named && pids.isEmpty();
    }

    /**
     * Whether it may carry a recipient when it is back.
     *
     * @param address of the recipient
     * @param size octets of the message
     * @return true if it did when it was last present
     */
    public boolean mayCarry(Address address, long size) {
        if (size <= maxSize) {
            for (AddressPattern pattern : carries) {
                if (pattern.matches(address)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Why it counts as away.
     *
     * @return for people, to follow "away: "
     */
    public String reason() {
        if (!seen) {
            return "named in the settings, not seen since the start; may carry anything";
        }
        return "it has left, and " + (named ? "the settings name it" : "its configuration exists");
    }
}
