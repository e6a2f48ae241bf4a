package io.spooler.core.registry;

import io.spooler.hook.AddressBook;
import io.spooler.hook.OutboundHook;
import io.spooler.hook.PostProcessor;
import io.spooler.hook.PreProcessor;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is present at one moment, each list in its own order. Immutable: a decision reads one snapshot.
 *
 * @param stores the default store first
 * @param transports in route order
 * @param away transports that are expected, but not present
 * @param preProcessors in the order in which they run
 * @param outboundHooks in the order in which they run
 * @param postProcessors in the order in which they run
 * @param addressBooks in the order in which they are asked
 * @param retryPolicies the one that decides first
 */
public record Snapshot(
        List<StoreEntry> stores,
        List<TransportEntry> transports,
        List<Away> away,
        List<HookEntry<PreProcessor>> preProcessors,
        List<HookEntry<OutboundHook>> outboundHooks,
        List<HookEntry<PostProcessor>> postProcessors,
        List<HookEntry<AddressBook>> addressBooks,
        List<PolicyEntry> retryPolicies) {

    /** Before anything has come. */
    public static final Snapshot NOTHING =
            new Snapshot(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    /**
     * The store for new messages.
     *
     * @return the first one, or empty
     */
    public Optional<StoreEntry> defaultStore() {
        return stores.stream().findFirst();
    }

    /**
     * Finds the present form of a transport.
     *
     * @param id service id
     * @return the entry, or empty if it has gone
     */
    public Optional<TransportEntry> transport(long id) {
        return transports.stream().filter(entry -> entry.id() == id).findFirst();
    }

    /**
     * Tells whether a transport is present.
     *
     * @param name its name
     * @return true if so
     */
    public boolean isPresent(String name) {
        return transports.stream().anyMatch(entry -> entry.name().equals(name));
    }
}
