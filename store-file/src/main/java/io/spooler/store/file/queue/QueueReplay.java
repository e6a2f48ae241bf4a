package io.spooler.store.file.queue;

import io.spooler.SpoolId;
import io.spooler.store.file.checkpoint.Block;
import io.spooler.store.file.codec.Decoder;
import io.spooler.store.file.content.ContentFiles;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.index.IdTable;
import io.spooler.store.file.index.Usage;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Journal.Found;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds the queue from its records, in order. A record that refers to a lost one is not wasted: outcomes are
 * absolute, so what comes later is applied to what is known. One thread, before the store opens.
 */
public final class QueueReplay {

    private static final Logger LOG = LoggerFactory.getLogger(QueueReplay.class);

    /**
     * What the journal held.
     *
     * @param index filled
     * @param repairs messages whose ledger must be written anew
     * @param torn messages without their copies, which were never accepted
     * @param last the largest id that was seen
     */
    public record Result(QueueIndex index, List<Repair> repairs, List<SpoolId> torn, SpoolId last) {}

    /** A message whose chain of records is broken. */
    record Repair(Entry entry, Stored stored) {}

    /** Files of one message, the latest ones. */
    private record Files(ContentRef accepted, @Nullable ContentRef revised) {}

    private final Usage usage;
    private final IdTable<Entry> table = new IdTable<>();
    private final Types types = new Types();
    private final Map<String, SpoolId> keys = new ConcurrentHashMap<>();
    private final Set<Entry> working = new HashSet<>();
    private final Map<Entry, List<Long>> broken = new LinkedHashMap<>();
    private final Map<Entry, Files> files = new HashMap<>();
    private final Copies copies = new Copies();
    private final Map<Entry, Stored> unserved = new LinkedHashMap<>();
    private final List<SpoolId> torn = new ArrayList<>();
    private SpoolId last = new SpoolId(0, 0);
    private int strangers;
    private boolean doubtful;

    /**
     * Begins.
     *
     * @param usage counts what is needed
     */
    public QueueReplay(Usage usage) {
        this.usage = usage;
    }

    /**
     * A block of a checkpoint, before any record.
     *
     * @param kind of the block
     * @param in its values
     */
    public void restore(int kind, Decoder in) {
        switch (kind) {
            case Block.TYPES -> types.get(in);
            case Block.QUEUE -> {
                while (in.hasMore()) {
                    restore(in);
                }
            }
            case Block.KEYS -> {
                while (in.hasMore()) {
                    keys.put(in.text(), in.id());
                }
            }
            default -> {
                // The folders'.
            }
        }
    }

    private void restore(Decoder in) {
        Entry entry = new Entry(in.id());
        hold(entry, QueueSnapshot.get(in, entry));
        table.put(entry);
        usage.add(entry.position, entry.size);
        last = entry.isAfter(last) ? entry.id() : last;
    }

    /** The process ended while work on these was under way. */
    public void run() {
        working.forEach(Entry::crashed);
        working.clear();
    }

    /**
     * One record.
     *
     * @param found valid during the call
     * @param position where it stands
     * @return false if it is none of the queue's
     */
    public boolean record(Found found, long position) {
        switch (found.type()) {
            case Records.MESSAGE -> message(found, position);
            case Records.STATE -> state(found, position);
            case Records.DELTA -> delta(found, position);
            case Records.BEGUN -> begun(found);
            case Records.RELEASE -> release(found);
            case Records.LOST -> lost(found);
            default -> {
                return false;
            }
        }
        return true;
    }

    /**
     * A record of a message that was filed; messages may be asked for their copies.
     *
     * @param found valid during the call
     * @param position where it stands
     */
    public void filed(Found found, long position) {
        copies.filed(found, position);
    }

    private void message(Found found, long position) {
        Records.MessageRecord record = Records.message(found);
        Entry entry = table.get(record.stored().id());
        // What a checkpoint knows was durable, with its copies.
        boolean whole = entry != null || copies.areInFrontOf(position, record.copies());
        if (whole) {
            message(record, record.stored(), found, position);
        } else if (record.stored().finished() == null) {
            Stored stored = record.stored().unserved();
            unserved.put(message(record, stored, found, position), stored);
        } else {
            torn.add(record.stored().id());
            last = record.stored().id().compareTo(last) > 0 ? record.stored().id() : last;
        }
    }

    private Entry message(Records.MessageRecord record, Stored stored, Found found, long position) {
        Entry entry = table.get(stored.id());
        if (entry == null) {
            entry = new Entry(stored.id());
            table.put(entry);
        } else if (position < entry.position) {
            return entry; // A checkpoint knew it, and a later one.
        } else {
            usage.remove(entry.position, entry.size);
        }
        last = stored.id().compareTo(last) > 0 ? stored.id() : last;
        entry.position = position;
        entry.size = found.size();
        usage.add(position, entry.size);
        at(entry, position);
        entry.crashes = (byte) record.crashes();
        types.summarise(entry, stored.recipients());
        QueueIndex.summarise(entry, stored);
        String key = stored.envelope().options().idempotencyKey();
        if (key != null) {
            entry.keyed(true);
            keys.put(key, stored.id());
        }
        hold(entry, record.inWork());
        if (stored.finished() != null) {
            entry.finished();
            entry.due = Nanos.of(stored.finished());
            files.remove(entry);
        } else {
            refer(entry, stored.accepted(), stored.revised());
        }
        return entry;
    }

    private void at(Entry entry, long position) {
        entry.ledger = position;
        entry.chain = 0;
        broken.remove(entry);
        unserved.remove(entry);
    }

    private void hold(Entry entry, boolean held) {
        if (held) {
            working.add(entry);
        } else {
            working.remove(entry);
        }
    }

    /** Most messages are in no file: those need no place in the map. */
    private void refer(Entry entry, ContentRef accepted, @Nullable ContentRef revised) {
        if (accepted.file() != null || (revised != null && revised.file() != null)) {
            files.put(entry, new Files(accepted, revised));
            entry.inFile();
        } else {
            files.remove(entry);
        }
    }

    private @Nullable Entry known(Found found) {
        Entry entry = table.get(Records.id(found));
        if (entry == null || entry.isFinished()) {
            strangers++;
            return null;
        }
        return entry;
    }

    private void state(Found found, long position) {
        Entry entry = known(found);
        if (entry == null) {
            return;
        }
        endsClaim(entry, found);
        if (position <= entry.ledger) {
            return; // A checkpoint knew it.
        }
        State state = Records.state(found, null);
        at(entry, position);
        if (Records.hasOwnRecipients(found)) {
            types.summarise(entry, state.recipients());
        }
        entry.states = (short) Stored.stateBits(state.recipients());
        entry.due = Stored.dueNanos(state.recipients(), Nanos.of(entry.id().time()));
        Files before = files.get(entry);
        refer(entry, before == null ? ContentRef.EMPTY : before.accepted(), state.revised());
    }

    private void endsClaim(Entry entry, Found found) {
        if (Records.endsClaim(found)) {
            working.remove(entry);
        }
        if (Records.forgetsCrashes(found)) {
            entry.crashes = 0;
        }
    }

    private void delta(Found found, long position) {
        Entry entry = known(found);
        if (entry == null) {
            return;
        }
        endsClaim(entry, found);
        if (position <= entry.ledger) {
            return; // A checkpoint knew it.
        }
        unserved.remove(entry);
        List<Long> pieces = broken.get(entry);
        if (pieces == null && Records.delta(found).previous() == entry.ledger) {
            entry.ledger = position;
            entry.chain++;
        } else {
            broken.computeIfAbsent(entry, e -> new ArrayList<>()).add(position);
        }
    }

    private void begun(Found found) {
        for (SpoolId id : Records.ids(found)) {
            Entry entry = table.get(id);
            if (entry != null && !entry.isFinished()) {
                working.add(entry);
            }
        }
    }

    private void release(Found found) {
        for (SpoolId id : Records.ids(found)) {
            Entry entry = table.get(id);
            if (entry != null) {
                working.remove(entry);
            }
        }
    }

    private void lost(Found found) {
        for (SpoolId id : Records.ids(found)) {
            Entry entry = table.get(id);
            if (entry != null) {
                table.remove(entry);
                usage.remove(entry.position, entry.size);
                working.remove(entry);
                broken.remove(entry);
                files.remove(entry);
                unserved.remove(entry);
                keys.values().remove(id);
            }
            torn.remove(id);
        }
    }

    /**
     * The largest id that was seen.
     *
     * @return new ones must be larger
     */
    public SpoolId last() {
        return last;
    }

    /**
     * Files that messages in the queue refer to.
     *
     * @return their names and octets
     */
    public Map<SpoolId, Long> files() {
        Map<SpoolId, Long> all = new HashMap<>();
        for (Files pair : files.values()) {
            add(all, pair.accepted());
            add(all, pair.revised());
        }
        return all;
    }

    private static void add(Map<SpoolId, Long> names, @Nullable ContentRef ref) {
        if (ref != null && ref.file() != null) {
            names.put(ref.file(), ref.size());
        }
    }

    /**
     * Ends the replay: everything that only a second look can tell.
     *
     * @param journal readable, not started yet
     * @param contents must hold the files that messages refer to
     * @return the queue
     */
    public Result finish(Journal journal, ContentFiles contents) {
        if (strangers > 0) {
            // Usually because the segment of the message itself was given back.
            LOG.debug("{} outcomes in the journal belong to messages that are not known any more", strangers);
        }
        Loader loader = new Loader(journal);
        QueueIndex index = new QueueIndex(loader, table, types, keys, usage);
        dropGivenBack(journal);
        List<Repair> repairs = new ArrayList<>();
        broken.forEach((entry, pieces) -> repair(loader, index, entry, pieces, repairs));
        unserved.forEach((entry, stored) -> repair(entry, stored, repairs));
        List<Entry> done = new ArrayList<>();
        table.forEach(entry -> {
            if (entry.isFinished()) {
                done.add(entry);
            } else {
                index.adopt(entry);
            }
        });
        lookForFiles(loader, index);
        files.forEach((entry, pair) -> {
            if (!contents.isThere(pair.accepted()) || (pair.revised() != null && !contents.isThere(pair.revised()))) {
                index.breakOff(entry, new IOException("its content file is missing or cut"));
            }
        });
        done.sort(Comparator.comparingLong((Entry e) -> e.due));
        index.finished.addAll(done);
        return new Result(index, repairs, torn, last);
    }

    /** A checkpoint may know messages whose segment was given back since: nothing in it was needed any more. */
    private void dropGivenBack(Journal journal) {
        List<Entry> gone = new ArrayList<>();
        table.forEach(entry -> {
            if (!journal.holds(entry.position)) {
                gone.add(entry);
            }
        });
        for (Entry entry : gone) {
            if (!entry.isFinished() && journal.misses(entry.position)) {
                LOG.error("Message {} is lost with a segment of the journal that is missing", entry.id());
            }
            table.remove(entry);
            usage.remove(entry.position, entry.size);
            working.remove(entry);
            files.remove(entry);
        }
        keys.values().removeIf(id -> table.get(id) == null);
    }

    /** A checkpoint knows that a message has a file, and not which: its ledger does. */
    private void lookForFiles(Loader loader, QueueIndex index) {
        table.forEach(entry -> {
            Files known = files.get(entry);
            boolean unknown = known == null || known.accepted().size() == 0;
            if (entry.isInFile() && !entry.isFinished() && unknown) {
                try {
                    Stored stored = loader.load(entry);
                    refer(entry, stored.accepted(), stored.revised());
                } catch (IOException | RuntimeException e) {
                    doubtful = true;
                    index.breakOff(entry, new IOException("the record of the message is damaged", e));
                }
            }
        });
    }

    /**
     * Says whether files may be needed that no record speaks of any more.
     *
     * @return true if a record that named a file cannot be read; after {@link #finish}
     */
    public boolean isDoubtful() {
        return doubtful;
    }

    private static void repair(Loader loader, QueueIndex index, Entry entry, List<Long> pieces, List<Repair> repairs) {
        try {
            Stored stored = loader.load(entry);
            for (long piece : pieces) {
                stored = loader.with(stored, piece);
            }
            repair(entry, stored, repairs);
        } catch (IOException | RuntimeException e) {
            index.breakOff(entry, new IOException("the ledger of the message is damaged", e));
        }
    }

    private static void repair(Entry entry, Stored stored, List<Repair> repairs) {
        entry.extra = Extra.pinned(stored, true, List.of());
        QueueIndex.summarise(entry, stored);
        repairs.add(new Repair(entry, stored));
    }
}
