package io.spooler.core.client;

import io.spooler.Content;
import io.spooler.Fate;
import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.core.registry.Snapshot;
import io.spooler.store.Folders;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The mailboxes of the default store, as it is at each call; without a store they are empty. A message that is named by its
 * id is found in any store: it may have come when another was the default (R57).
 */
public final class Reading implements Mailboxes {

    private final Supplier<Snapshot> present;
    private final Function<SpoolId, Optional<Fate>> fates;
    private final Receipts receipts;

    /**
     * Assigns.
     *
     * @param present what is present
     * @param fates what is remembered of messages that came in
     * @param receipts reports of reading
     */
    public Reading(Supplier<Snapshot> present, Function<SpoolId, Optional<Fate>> fates, Receipts receipts) {
        this.present = present;
        this.fates = fates;
        this.receipts = receipts;
    }

    private Optional<Folders> folders() {
        return present.get().defaultStore().map(entry -> entry.store().folders());
    }

    /** Those of the store that holds the message; of the default store if none does. */
    private Folders holding(SpoolId id) throws SpoolException {
        return all().filter(f -> f.entry(id).isPresent())
                .findFirst()
                .or(this::folders)
                .orElseThrow(Reading::noStore);
    }

    private static SpoolException noStore() {
        return new SpoolException(SpoolException.Reason.NO_STORE, "no message store is present");
    }

    private Stream<Folders> all() {
        return present.get().stores().stream().map(entry -> entry.store().folders());
    }

    @Override
    public List<String> mailboxes() {
        return folders().map(Folders::mailboxes).orElse(List.of());
    }

    @Override
    public SortedMap<String, Integer> folders(String mailbox) {
        return folders().map(f -> f.folders(mailbox)).orElseGet(TreeMap::new);
    }

    @Override
    public boolean exists(String mailbox) throws SpoolException {
        return folders().orElseThrow(Reading::noStore).exists(mailbox);
    }

    @Override
    public List<Entry> since(long sequence, int limit) {
        return folders().map(f -> f.since(sequence, limit)).orElse(List.of());
    }

    @Override
    public long sequence() {
        return folders().map(Folders::sequence).orElse(0L);
    }

    @Override
    public List<Entry> list(String mailbox, String folder, long after, int limit) {
        return folders().map(f -> f.list(mailbox, folder, after, limit)).orElse(List.of());
    }

    @Override
    public Optional<Entry> entry(SpoolId id) {
        return all().flatMap(f -> f.entry(id).stream()).findFirst();
    }

    @Override
    public Optional<Content> content(SpoolId id) {
        return all().flatMap(f -> f.content(id).stream()).findFirst();
    }

    @Override
    public boolean mark(SpoolId id, Set<String> flags) throws SpoolException {
        Folders folders = holding(id);
        Optional<Entry> entry = folders.entry(id);
        return entry.isPresent() && receipts.mark(folders, entry.get(), flags);
    }

    @Override
    public boolean move(SpoolId id, String folder) throws SpoolException {
        return holding(id).move(id, folder);
    }

    @Override
    public boolean delete(SpoolId id) throws SpoolException {
        Folders folders = holding(id);
        Optional<Entry> entry = folders.entry(id);
        return entry.isPresent() && receipts.delete(folders, entry.get());
    }

    @Override
    public Optional<Fate> fate(SpoolId id) {
        return fates.apply(id).or(() -> Mailboxes.super.fate(id));
    }
}
