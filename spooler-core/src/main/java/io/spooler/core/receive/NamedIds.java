package io.spooler.core.receive;

import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.core.registry.Snapshot;
import io.spooler.store.Folders;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ids that transports name for what they bring: none is filed twice, nor comes in twice at a time. Owned by the loop. */
final class NamedIds {

    private final Set<SpoolId> coming = new HashSet<>();

    /**
     * Begins a message in a store.
     *
     * @param id its own, or null for a new one
     * @param present another default store makes nobody file again what is in the former one
     * @param folders of the store
     * @return to be filed or closed; then {@link #end} is to be called
     * @throws SpoolException KNOWN, NOT_NOW, or as the store says
     */
    Folders.Incoming begin(@Nullable SpoolId id, Snapshot present, Folders folders) throws SpoolException {
        if (id == null) {
            return folders.receive();
        }
        if (coming.contains(id)) {
            throw new SpoolException(Reason.NOT_NOW, "the message " + id + " is just coming in");
        }
        if (present.stores().stream()
                .anyMatch(store -> store.store().folders().entry(id).isPresent())) {
            throw new SpoolException(Reason.KNOWN, "the message " + id + " has come in before");
        }
        Folders.Incoming incoming = folders.receive(id);
        coming.add(id);
        return incoming;
    }

    /** It is filed, or nothing is left of it. */
    void end(SpoolId id) {
        coming.remove(id);
    }
}
