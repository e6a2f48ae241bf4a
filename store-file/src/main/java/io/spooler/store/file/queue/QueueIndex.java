package io.spooler.store.file.queue;

import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.store.QueueFilter;
import io.spooler.store.file.codec.States;
import io.spooler.store.file.index.IdTable;
import io.spooler.store.file.index.Usage;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All messages in the heap, in the few octets of an {@link Entry} each; what is due, what is lent, what is counted.
 * Guarded by the lock of the store, but for the counts, which anybody may read.
 */
final class QueueIndex {

    private static final Logger LOG = LoggerFactory.getLogger(QueueIndex.class);

    final IdTable<Entry> table;
    final Due due = new Due();
    final Leases leases = new Leases();
    final Types types;
    final Usage usage;

    /** Messages that are known, by idempotency key. */
    final Map<String, SpoolId> keys;

    /** Messages that cannot be read, until the carer has looked after them. */
    final Set<Entry> unreadable = new LinkedHashSet<>();

    /** In order of completion. */
    final ArrayDeque<Entry> finished = new ArrayDeque<>();

    /** What the journal holds for certain. */
    long recordedUpTo;

    private final Loader loader;
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final AtomicLongArray states = new AtomicLongArray(States.COUNT);

    QueueIndex(Loader loader, IdTable<Entry> table, Types types, Map<String, SpoolId> keys, Usage usage) {
        this.loader = loader;
        this.table = table;
        this.types = types;
        this.keys = keys;
        this.usage = usage;
    }

    /** Takes over an entry that is in the table already, from a replay. */
    void adopt(Entry entry) {
        try {
            if (!entry.isSingle() || entry.isUnsure()) {
                // Its records told only a part: the ledger must be read as a whole once.
                entry.unsure(false);
                Stored stored = raw(entry);
                summarise(entry, stored);
                count(stored, 1);
            } else {
                states.incrementAndGet(Integer.numberOfTrailingZeros(entry.states));
            }
            messages.incrementAndGet();
            due.update(entry);
        } catch (IOException e) {
            messages.incrementAndGet();
            breakOff(entry, e);
        }
    }

    /** The message as it is, but for wakes that it has not seen yet. */
    Stored raw(Entry entry) throws IOException {
        Extra extra = entry.extra;
        if (extra != null && extra.lease() != null) {
            return extra.lease().stored;
        }
        if (extra != null && extra.pinned() != null) {
            return extra.pinned();
        }
        try {
            return loader.load(entry);
        } catch (RuntimeException e) {
            throw new IOException("message " + entry.id() + " makes no sense", e);
        }
    }

    Stored current(Entry entry, Instant now) throws IOException {
        Stored raw = raw(entry);
        return entry.extra == null ? raw : raw.wake(entry.extra.wakes(), now);
    }

    /** A message is in the queue from now on. */
    void insert(Entry entry, Stored stored) {
        table.put(entry);
        types.summarise(entry, stored.recipients());
        summarise(entry, stored);
        if (stored.accepted().file() != null) {
            entry.inFile();
        }
        key(entry, stored);
        messages.incrementAndGet();
        count(stored, 1);
        due.add(entry, entry.due == Nanos.of(stored.submitted()));
    }

    /** A message has come and gone with one record; its ledger can be found from now on. */
    void insertFinished(Entry entry, Stored stored) {
        table.put(entry);
        types.summarise(entry, stored.recipients());
        entry.states = (short) stored.stateBits();
        entry.finished();
        entry.due = Nanos.of(lastTime(stored));
        key(entry, stored);
        finished.add(entry);
    }

    private void key(Entry entry, Stored stored) {
        String key = stored.envelope().options().idempotencyKey();
        if (key != null) {
            entry.keyed(true);
            keys.put(key, entry.id());
        }
    }

    static void summarise(Entry entry, Stored stored) {
        entry.states = (short) stored.stateBits();
        entry.due = stored.dueNanos();
    }

    void count(Stored stored, int sign) {
        for (RecipientStatus r : stored.recipients()) {
            states.addAndGet(States.number(r.state()), sign);
        }
    }

    void countMessages(int more) {
        messages.addAndGet(more);
    }

    long messages() {
        return messages.get();
    }

    long broken() {
        return broken.get();
    }

    Map<RecipientState, Long> states() {
        Map<RecipientState, Long> result = new EnumMap<>(RecipientState.class);
        for (RecipientState state : RecipientState.values()) {
            long count = states.get(States.number(state));
            if (count > 0) {
                result.put(state, count);
            }
        }
        return result;
    }

    /** A message cannot be read: it goes out of everybody's way, and the carer puts it into the quarantine. */
    void breakOff(Entry entry, IOException cause) {
        LOG.error("Message {} cannot be read and is not delivered", entry.id(), cause);
        if (!entry.isBroken()) {
            entry.broken(true);
            broken.incrementAndGet();
        }
        unreadable.add(entry);
        due.remove(entry);
        Lease lease = entry.lease();
        if (lease != null) {
            leases.remove(lease); // What comes back under it is not taken any more.
            entry.extra = null;
        }
    }

    /** It can be read after all. */
    void mend(Entry entry) {
        entry.broken(false);
        broken.decrementAndGet();
        if (!entry.isFinished()) {
            due.update(entry);
        }
    }

    /** The quarantine has it. Of several recipients only the next start counts the states anew. */
    void lose(Entry entry) {
        table.remove(entry);
        usage.remove(entry.position, entry.size);
        keys.values().remove(entry.id());
        broken.decrementAndGet();
        if (entry.isFinished()) {
            finished.remove(entry);
        } else {
            messages.decrementAndGet();
            if (entry.isSingle()) {
                states.decrementAndGet(Integer.numberOfTrailingZeros(entry.states));
            }
        }
    }

    /** Both are the same object if no wake changed anything. */
    @SuppressWarnings("ReferenceEquality")
    Lease lend(Entry entry, Stored raw, Stored stored, List<Integer> numbers, long epoch, Instant until) {
        due.remove(entry);
        Lease lease = new Lease(entry, epoch, until, stored, raw != stored || isSticky(entry));
        numbers.forEach(lease.open::set);
        if (raw != stored) {
            count(raw, -1);
            count(stored, 1);
        }
        entry.extra = Extra.leased(lease);
        entry.states = (short) stored.stateBits();
        leases.add(lease);
        return lease;
    }

    private static boolean isSticky(Entry entry) {
        return entry.extra != null && entry.extra.sticky();
    }

    /** The claim ends; what was not settled is due as before, and what was woken meanwhile is due now. */
    void endClaim(Lease lease, Instant now) {
        Entry entry = lease.entry;
        leases.remove(lease);
        boolean sticky = lease.woken && !lease.open.isEmpty();
        boolean pinned = sticky || entry.ledger > recordedUpTo;
        List<QueueFilter> wakes = lease.wakes();
        entry.extra = pinned || !wakes.isEmpty() ? Extra.pinned(pinned ? lease.stored : null, sticky, wakes) : null;
        entry.due = lease.stored.wake(wakes, now).dueNanos();
        due.update(entry);
    }

    /** The record at this place is written: the heap need not hold the message any more. */
    void recorded(Entry entry, long position) {
        Extra extra = entry.extra;
        if (extra != null && extra.lease() == null && !extra.sticky() && entry.ledger == position) {
            entry.extra = extra.wakes().isEmpty() ? null : Extra.pinned(null, false, extra.wakes());
        }
    }

    /** The message has left the queue; its ledger can still be found. */
    void finish(Lease lease, Stored stored) {
        Entry entry = lease.entry;
        leases.remove(lease);
        entry.finished();
        entry.due = Nanos.of(lastTime(stored));
        entry.extra = Extra.pinned(stored, false, List.of());
        messages.decrementAndGet();
    }

    private static Instant lastTime(Stored stored) {
        return stored.finished() == null ? stored.submitted() : stored.finished();
    }

    /** Forgets a finished message. */
    void forget(Entry entry) {
        if (entry.isKeyed()) {
            try {
                String key = raw(entry).envelope().options().idempotencyKey();
                keys.remove(key == null ? "" : key, entry.id());
            } catch (IOException e) {
                LOG.warn(
                        "The idempotency key of {} cannot be read and stays known until the next start", entry.id(), e);
            }
        }
        unreadable.remove(entry);
        table.remove(entry);
        usage.remove(entry.position, entry.size);
    }

    static BitSet all(int count) {
        BitSet bits = new BitSet(count);
        bits.set(0, count);
        return bits;
    }
}
