package io.spooler.store.file.folder;

import io.spooler.Origins;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.store.file.codec.Decoder;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.journal.Append;
import io.spooler.store.file.journal.AwaitedAppend;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where messages came from: all of it in the heap, each with the place of the record that says so. Guarded by the lock of
 * the store; the methods of {@link Origins} take it.
 */
public final class FileOrigins implements Origins {

    private static final int GOOD_COUNT = 500;

    private final Object lock;
    private final Journal journal;
    private final Table table;
    private final Set<Key> filing = new HashSet<>();

    /** What names an origin. */
    private record Key(String source, String id) {

        static Key of(Origin origin) {
            return new Key(origin.source(), origin.id());
        }
    }

    /**
     * One that is remembered.
     *
     * @param origin where from
     * @param position of the record that says so
     */
    record Kept(Origin origin, long position) {

        void put(Encoder out) {
            FileOrigins.put(out, origin);
            out.number(position);
        }

        static Kept get(Decoder in) {
            return new Kept(FileOrigins.get(in), in.number());
        }
    }

    /** What is remembered. */
    static final class Table {

        private final Map<String, Map<String, Kept>> sources = new HashMap<>();

        void put(Kept kept) {
            Map<String, Kept> source = sources.computeIfAbsent(kept.origin().source(), key -> new HashMap<>());
            source.put(kept.origin().id(), kept);
        }

        /** Copied to another segment: only if it was not forgotten meanwhile. */
        private void move(Kept kept) {
            Map<String, Kept> source = sources.get(kept.origin().source());
            if (source != null) {
                source.replace(kept.origin().id(), kept);
            }
        }

        void remove(String source, Collection<String> ids) {
            Map<String, Kept> found = sources.get(source);
            if (found != null) {
                ids.forEach(found::remove);
                if (found.isEmpty()) {
                    sources.remove(source);
                }
            }
        }

        private Map<String, Kept> of(String source) {
            return sources.getOrDefault(source, Map.of());
        }

        List<Kept> all(Predicate<Kept> wanted) {
            return sources.values().stream()
                    .flatMap(source -> source.values().stream())
                    .filter(wanted)
                    .toList();
        }
    }

    FileOrigins(Object lock, Journal journal, Table table) {
        this.lock = lock;
        this.journal = journal;
        this.table = table;
    }

    static void put(Encoder out, Origin origin) {
        out.text(origin.source()).text(origin.id()).text(origin.print());
    }

    static Origin get(Decoder in) {
        return new Origin(in.text(), in.text(), in.text());
    }

    @Override
    public List<Origin> of(String source) {
        synchronized (lock) {
            return table.of(source).values().stream().map(Kept::origin).toList();
        }
    }

    @Override
    public void remember(Origin origin) throws SpoolException {
        journal.mayWait();
        Recording recording = new Recording(List.of(origin), true);
        journal.awaitRoom();
        synchronized (lock) {
            room(origin);
            journal.append(recording);
        }
        recording.await();
    }

    private void room(Origin origin) throws SpoolException {
        Map<String, Kept> source = table.of(origin.source());
        if (source.size() >= MOST && !source.containsKey(origin.id())) {
            throw new SpoolException(
                    Reason.STORE_FULL,
                    MOST + " messages of " + origin.source() + " are remembered already; delete some of them there");
        }
    }

    @Override
    public void forget(String source, Collection<String> ids) throws SpoolException {
        List<String> all = List.copyOf(ids);
        for (int from = 0; from < all.size(); from += GOOD_COUNT) {
            forget(source, all.subList(from, Math.min(all.size(), from + GOOD_COUNT)));
        }
    }

    private void forget(String source, List<String> ids) throws SpoolException {
        Encoder head = FolderRecords.forgotten(new FolderRecords.Forgotten(source, ids));
        journal.awaitRoom();
        synchronized (lock) {
            // At once: what is appended after this record may have these origins again.
            table.remove(source, ids);
            journal.append(new Append(FolderRecords.FORGOTTEN, false, head.octets(), head.size()) {
                @Override
                protected void recorded() {
                    table.remove(source, ids); // Once more: some may have been on their way.
                }
            });
        }
    }

    /**
     * A message is about to be filed. Under the lock of the store.
     *
     * @throws SpoolException KNOWN if one of this origin is; NOT_NOW if one is on its way to the disk: it may be lost yet, and
     *     who is told that it is known deletes it where it came from
     */
    void begin(@Nullable Origin origin) throws SpoolException {
        if (origin == null) {
            return;
        }
        if (table.of(origin.source()).containsKey(origin.id())) {
            throw new SpoolException(Reason.KNOWN, "the message " + origin.id() + " has come in before");
        }
        if (filing.contains(Key.of(origin))) {
            throw new SpoolException(Reason.NOT_NOW, "the message " + origin.id() + " is just being filed");
        }
        room(origin);
        filing.add(Key.of(origin));
    }

    /** It is filed. Under the lock of the store. */
    void filed(@Nullable Origin origin, long position) {
        if (origin != null) {
            filing.remove(Key.of(origin));
            table.put(new Kept(origin, position));
        }
    }

    /** Copies what a segment says of them to the end of the journal. Under the lock of the store. */
    void copyOut(long segment) throws SpoolException {
        List<Origin> living = new ArrayList<>();
        for (Kept kept : all(one -> Position.segment(one.position()) == segment)) {
            living.add(kept.origin());
            if (living.size() == GOOD_COUNT) {
                journal.append(new Recording(List.copyOf(living), false));
                living.clear();
            }
        }
        if (!living.isEmpty()) {
            journal.append(new Recording(List.copyOf(living), false));
        }
    }

    /** Under the lock of the store. */
    List<Kept> all(Predicate<Kept> wanted) {
        return table.all(wanted);
    }

    /** Origins on their way to the disk: remembered now, or copied. */
    private final class Recording extends AwaitedAppend {

        private final List<Origin> origins;
        private final boolean fresh;

        Recording(List<Origin> origins, boolean fresh) {
            this(origins, fresh, FolderRecords.origins(origins));
        }

        private Recording(List<Origin> origins, boolean fresh, Encoder head) {
            super(FolderRecords.ORIGINS, fresh, head.octets(), head.size());
            this.origins = origins;
            this.fresh = fresh;
        }

        @Override
        protected void recorded() {
            for (Origin origin : origins) {
                Kept kept = new Kept(origin, position());
                if (fresh) {
                    table.put(kept);
                } else {
                    table.move(kept);
                }
            }
        }
    }
}
