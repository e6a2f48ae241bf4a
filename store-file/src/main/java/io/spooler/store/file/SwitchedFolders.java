package io.spooler.store.file;

import io.spooler.Content;
import io.spooler.Origins;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Folders;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * The folders of whatever store is present: one object for clients, as the contract asks for.
 *
 * @param present asked at each call
 */
record SwitchedFolders(Supplier<Folders> present) implements Folders {

    @Override
    public Incoming receive() throws SpoolException {
        return present.get().receive();
    }

    @Override
    public Incoming receive(SpoolId id) throws SpoolException {
        return present.get().receive(id);
    }

    @Override
    public Origins origins() {
        return new SwitchedOrigins(() -> present.get().origins());
    }

    @Override
    public List<String> mailboxes() {
        return present.get().mailboxes();
    }

    @Override
    public SortedMap<String, Integer> folders(String mailbox) {
        return present.get().folders(mailbox);
    }

    @Override
    public boolean exists(String mailbox) throws SpoolException {
        return present.get().exists(mailbox);
    }

    @Override
    public List<Entry> since(long sequence, int limit) {
        return present.get().since(sequence, limit);
    }

    @Override
    public long sequence() {
        return present.get().sequence();
    }

    @Override
    public List<Entry> list(String mailbox, String folder, long after, int limit) {
        return present.get().list(mailbox, folder, after, limit);
    }

    @Override
    public Optional<Entry> entry(SpoolId id) {
        return present.get().entry(id);
    }

    @Override
    public Optional<Content> content(SpoolId id) {
        return present.get().content(id);
    }

    @Override
    public boolean mark(SpoolId id, Set<String> flags) throws SpoolException {
        return present.get().mark(id, flags);
    }

    @Override
    public boolean move(SpoolId id, String folder) throws SpoolException {
        return present.get().move(id, folder);
    }

    @Override
    public boolean delete(SpoolId id) throws SpoolException {
        return present.get().delete(id);
    }

    /** Likewise. */
    private record SwitchedOrigins(Supplier<Origins> present) implements Origins {

        @Override
        public List<Origin> of(String source) {
            return present.get().of(source);
        }

        @Override
        public void remember(Origin origin) throws SpoolException {
            present.get().remember(origin);
        }

        @Override
        public void forget(String source, Collection<String> ids) throws SpoolException {
            present.get().forget(source, ids);
        }
    }
}
