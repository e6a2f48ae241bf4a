package io.spooler.testkit;

import io.spooler.Origins;
import io.spooler.SpoolException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the {@link MemoryStore} remembers of where messages came from. Thread-safe: one lock, its own. */
final class MemoryOrigins implements Origins {

    private final MemoryStore store;
    private final Map<String, Map<String, Origin>> sources = new TreeMap<>();

    MemoryOrigins(MemoryStore store) {
        this.store = store;
    }

    private Map<String, Origin> source(String name) {
        return sources.computeIfAbsent(name, key -> new TreeMap<>());
    }

    /** A message is filed. */
    synchronized void add(@Nullable Origin origin) throws SpoolException {
        if (origin == null) {
            return;
        }
        if (source(origin.source()).containsKey(origin.id())) {
            throw new SpoolException(SpoolException.Reason.KNOWN, "a message of this origin has come in before");
        }
        put(origin);
    }

    private synchronized void put(Origin origin) throws SpoolException {
        Map<String, Origin> source = source(origin.source());
        if (source.size() >= MOST && !source.containsKey(origin.id())) {
            throw new SpoolException(SpoolException.Reason.STORE_FULL, MOST + " are remembered already");
        }
        source.put(origin.id(), origin);
    }

    @Override
    public synchronized List<Origin> of(String source) {
        return List.copyOf(source(source).values());
    }

    @Override
    public void remember(Origin origin) throws SpoolException {
        store.checkRunning();
        put(origin);
    }

    @Override
    public void forget(String source, Collection<String> ids) throws SpoolException {
        store.checkRunning();
        remove(source, ids);
    }

    private synchronized void remove(String source, Collection<String> ids) {
        source(source).keySet().removeAll(ids);
    }
}
