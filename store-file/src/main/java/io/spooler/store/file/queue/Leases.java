package io.spooler.store.file.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is lent, by epoch. Guarded by the lock of the store. */
final class Leases {

    private final Map<Long, Lease> leases = new HashMap<>();

    /** Until then nobody's time is up, so that nobody is looked for before; they end by themselves mostly. */
    private Instant quiet = Instant.MAX;

    @Nullable
    Lease get(long epoch) {
        return leases.get(epoch);
    }

    /** A view of them. */
    Collection<Lease> all() {
        return Collections.unmodifiableCollection(leases.values());
    }

    void add(Lease lease) {
        leases.put(lease.epoch, lease);
        sooner(lease.until);
    }

    private void sooner(Instant until) {
        quiet = until.isBefore(quiet) ? until : quiet;
    }

    void remove(Lease lease) {
        leases.remove(lease.epoch);
    }

    /** Those whose time is up; they stay until they are removed. */
    List<Lease> expired(Instant now) {
        if (quiet.isAfter(now)) {
            return List.of();
        }
        List<Lease> expired = new ArrayList<>();
        quiet = Instant.MAX;
        for (Lease lease : leases.values()) {
            if (lease.until.isAfter(now)) {
                sooner(lease.until);
            } else {
                expired.add(lease);
            }
        }
        return expired;
    }
}
