package io.spooler.core.client;

import io.spooler.Content;
import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.core.registry.Snapshot;
import io.spooler.store.Folders;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The mailboxes of the default store, as it is at each call; without a store they are empty. */
public final class Reading implements Mailboxes {

    private final Supplier<Snapshot> present;

    /**
     * Assigns.
     *
     * @param present what is present
     */
    public Reading(Supplier<Snapshot> present) {
        this.present = present;
    }

    private Optional<Folders> folders() {
        return present.get().defaultStore().map(entry -> entry.store().folders());
    }

    private Folders needed() throws SpoolException {
        return folders()
                .orElseThrow(() -> new SpoolException(SpoolException.Reason.NO_STORE, "no message store is present"));
    }

    @Override
    public List<String> mailboxes() {
        return folders().map(Folders::mailboxes).orElse(List.of());
    }

    @Override
    public List<Entry> list(String mailbox, String folder, long after, int limit) {
        return folders().map(f -> f.list(mailbox, folder, after, limit)).orElse(List.of());
    }

    @Override
    public Optional<Entry> entry(SpoolId id) {
        return folders().flatMap(f -> f.entry(id));
    }

    @Override
    public Optional<Content> content(SpoolId id) {
        return folders().flatMap(f -> f.content(id));
    }

    @Override
    public boolean mark(SpoolId id, Set<String> flags) throws SpoolException {
        return needed().mark(id, flags);
    }

    @Override
    public boolean move(SpoolId id, String folder) throws SpoolException {
        return needed().move(id, folder);
    }

    @Override
    public boolean delete(SpoolId id) throws SpoolException {
        return needed().delete(id);
    }
}
