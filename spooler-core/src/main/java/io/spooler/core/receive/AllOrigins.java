package io.spooler.core.receive;

import io.spooler.Origins;
import io.spooler.SpoolException;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.StoreEntry;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The origins of all stores that are present, so that another default store (R57) makes nobody fetch again what is in the
 * former one. Any thread.
 *
 * @param present what is present, asked at each call
 */
record AllOrigins(Supplier<Snapshot> present) implements Origins {

    static Origins of(Supplier<Snapshot> present) throws SpoolException {
        AllOrigins origins = new AllOrigins(present);
        origins.first();
        return origins;
    }

    private Origins first() throws SpoolException {
        StoreEntry store = present.get()
                .defaultStore()
                .orElseThrow(() -> new SpoolException(SpoolException.Reason.NO_STORE, "no message store is present"));
        return store.store().folders().origins();
    }

    private List<Origins> all() {
        return present.get().stores().stream()
                .map(entry -> entry.store().folders().origins())
                .toList();
    }

    @Override
    public List<Origin> of(String source) {
        return all().stream()
                .flatMap(origins -> origins.of(source).stream())
                .distinct()
                .toList();
    }

    @Override
    public void remember(Origin origin) throws SpoolException {
        first().remember(origin);
    }

    @Override
    public void forget(String source, Collection<String> ids) throws SpoolException {
        for (Origins origins : all()) {
            origins.forget(source, ids);
        }
    }
}
