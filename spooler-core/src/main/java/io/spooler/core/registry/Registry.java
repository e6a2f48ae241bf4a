package io.spooler.core.registry;

import io.spooler.SpoolListener;
import io.spooler.hook.AddressBook;
import io.spooler.hook.OutboundHook;
import io.spooler.hook.PostProcessor;
import io.spooler.hook.PreProcessor;
import io.spooler.hook.RetryPolicy;
import io.spooler.store.MessageStore;
import io.spooler.transport.TransportProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what Declarative Services binds, and publishes a new {@link Snapshot} after each change. Bind, updated and
 * unbind may come on any thread; no service is called here.
 */
public final class Registry {

    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    // Guarded by this. By service id, never by ServiceReference: a changed ranking would lose entries of a sorted map.
    private final Map<Long, StoreEntry> stores = new HashMap<>();
    private final Map<Long, TransportEntry> transports = new HashMap<>();
    private final Map<Long, HookEntry<PreProcessor>> preProcessors = new HashMap<>();
    private final Map<Long, HookEntry<OutboundHook>> outboundHooks = new HashMap<>();
    private final Map<Long, HookEntry<PostProcessor>> postProcessors = new HashMap<>();
    private final Map<Long, HookEntry<AddressBook>> addressBooks = new HashMap<>();
    private final Map<Long, PolicyEntry> retryPolicies = new HashMap<>();
    private final Expected expected = new Expected();
    private Consumer<Snapshot> listener = snapshot -> {};
    private volatile Snapshot snapshot = Snapshot.NOTHING;

    /**
     * What is present now.
     *
     * @return the latest snapshot
     */
    public Snapshot snapshot() {
        return snapshot;
    }

    /**
     * Names who hears of changes; tells it the present snapshot at once.
     *
     * @param next called under the lock of the registry: must only hand the snapshot on
     */
    public synchronized void listen(Consumer<Snapshot> next) {
        listener = next;
        next.accept(snapshot);
    }

    /**
     * Sets the configured order of transports (R30).
     *
     * @param names each once; those of this name go before all others, in this order, and are expected (R35)
     */
    public synchronized void order(List<String> names) {
        expected.order(names);
        publish();
    }

    /**
     * A store came, or its properties changed.
     *
     * @param store the service
     * @param properties its service properties
     */
    public synchronized void putStore(MessageStore store, Map<String, ?> properties) {
        StoreEntry entry = StoreEntry.of(store, properties);
        stores.put(entry.id(), entry);
        publish();
    }

    /**
     * A transport came, or its properties changed. One whose properties make no sense is left out, loudly.
     *
     * @param transport the service
     * @param properties its service properties
     */
    public synchronized void putTransport(TransportProvider transport, Map<String, ?> properties) {
        try {
            TransportEntry entry = TransportEntry.of(transport, properties);
            transports.put(entry.id(), entry);
            expected.came(entry.name(), new Properties(properties).pids());
        } catch (IllegalArgumentException e) {
            LOG.error(
                    "transport {} is left out: its service property {} is wrong: {}",
                    new Properties(properties).name(TransportProvider.NAME),
                    TransportProvider.PATTERNS,
                    e.getMessage());
            transports.remove(new Properties(properties).id());
        }
        publish();
    }

    /**
     * A preprocessor came, or its properties changed.
     *
     * @param hook the service
     * @param properties its service properties
     */
    public synchronized void putPreProcessor(PreProcessor hook, Map<String, ?> properties) {
        HookEntry<PreProcessor> entry = HookEntry.of(hook, properties);
        preProcessors.put(entry.id(), entry);
        publish();
    }

    /**
     * An outbound hook came, or its properties changed.
     *
     * @param hook the service
     * @param properties its service properties
     */
    public synchronized void putOutboundHook(OutboundHook hook, Map<String, ?> properties) {
        HookEntry<OutboundHook> entry = HookEntry.of(hook, properties);
        outboundHooks.put(entry.id(), entry);
        publish();
    }

    /**
     * A postprocessor came, or its properties changed.
     *
     * @param hook the service
     * @param properties its service properties
     */
    public synchronized void putPostProcessor(PostProcessor hook, Map<String, ?> properties) {
        HookEntry<PostProcessor> entry = HookEntry.of(hook, properties);
        postProcessors.put(entry.id(), entry);
        publish();
    }

    /**
     * An address book came, or its properties changed.
     *
     * @param book the service
     * @param properties its service properties
     */
    public synchronized void putAddressBook(AddressBook book, Map<String, ?> properties) {
        HookEntry<AddressBook> entry = HookEntry.of(book, properties);
        addressBooks.put(entry.id(), entry);
        publish();
    }

    /**
     * A retry policy came, or its properties changed.
     *
     * @param policy the service
     * @param properties its service properties
     */
    public synchronized void putRetryPolicy(RetryPolicy policy, Map<String, ?> properties) {
        PolicyEntry entry = PolicyEntry.of(policy, properties);
        retryPolicies.put(entry.id(), entry);
        publish();
    }

    /**
     * A service of any kind left. No configuration of it exists, as far as is known.
     *
     * @param properties its service properties
     */
    public void remove(Map<String, ?> properties) {
        remove(properties, List.of());
    }

    /**
     * A service of any kind left. A transport whose configuration exists is away: what it alone carries is held (R35).
     *
     * @param properties its service properties
     * @param configurations those of {@link #pids} that exist
     */
    public synchronized void remove(Map<String, ?> properties, List<String> configurations) {
        long id = new Properties(properties).id();
        stores.remove(id);
        TransportEntry transport = transports.remove(id);
        if (transport != null) {
            expected.left(transport, configurations);
        }
        preProcessors.remove(id);
        outboundHooks.remove(id);
        postProcessors.remove(id);
        addressBooks.remove(id);
        retryPolicies.remove(id);
        publish();
    }

    /**
     * A configuration has been removed: what was held for its transport is not held any more.
     *
     * @param pid its name
     */
    public synchronized void released(String pid) {
        expected.released(pid);
        publish();
    }

    /**
     * The names that the configurations of a service may have.
     *
     * @param properties its service properties
     * @return its {@code service.pid}, or else its {@code component.name}
     */
    public static List<String> pids(Map<String, ?> properties) {
        return new Properties(properties).pids();
    }

    /**
     * The kinds of events that a listener wants.
     *
     * @param properties its service properties
     * @return as {@link SpoolListener#EVENTS} says; empty for all
     */
    public static List<String> events(Map<String, ?> properties) {
        return new Properties(properties).list(SpoolListener.EVENTS);
    }

    private void publish() {
        List<TransportEntry> route =
                transports.values().stream().sorted(expected.byOrder()).toList();
        snapshot = new Snapshot(
                ordered(stores),
                route,
                expected.away(route),
                preProcessors.values().stream()
                        .sorted(HookEntry.byTransport(route))
                        .toList(),
                ordered(outboundHooks),
                ordered(postProcessors),
                ordered(addressBooks),
                ordered(retryPolicies));
        listener.accept(snapshot);
    }

    private static <E extends Ranked> List<E> ordered(Map<Long, E> entries) {
        return entries.values().stream().sorted(Ranked.ORDER).toList();
    }
}
