package io.spooler.store.file.queue;

import io.spooler.RecipientState;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Message;
import io.spooler.store.Settlement;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.content.ContentFiles;
import io.spooler.store.file.content.ContentReader;
import io.spooler.store.file.journal.Append;
import io.spooler.store.file.journal.Journal;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends messages and records what became of them. Any thread. The lock of the store guards everything; records are
 * appended under it, so that the journal tells the same story as the heap, and nobody waits for the disk under it but
 * to read a message back.
 *
 * <p>Order: the record first, then the heap; what could not be appended did not happen.
 */
public final class Queue {

    private static final Logger LOG = LoggerFactory.getLogger(Queue.class);

    private static final int SMALL_LEDGER = 8;
    private static final int MAX_CHAIN = 16;

    private final Object lock;
    private final Journal journal;
    private final ContentFiles files;
    private final Clock clock;
    private final QueueIndex index;
    private final Views views;
    private long epoch;

    /**
     * A queue behind a replay.
     *
     * @param lock of the store
     * @param replay what the journal held
     * @param reader reads contents
     * @param clock tells the time of everything that is recorded
     */
    public Queue(Object lock, QueueReplay.Result replay, ContentReader reader, Clock clock) {
        this.lock = lock;
        this.journal = reader.journal();
        this.files = reader.files();
        this.clock = clock;
        this.index = replay.index();
        this.views = new Views(reader, new Books(), replay.last());
        // Larger than any epoch of an earlier run.
        this.epoch = journal.runs() << Integer.SIZE;
        index.recordedUpTo = journal.firstPosition();
    }

    QueueIndex index() {
        return index;
    }

    Object lock() {
        return lock;
    }

    Clock clock() {
        return clock;
    }

    Journal journal() {
        return journal;
    }

    /**
     * What is written.
     *
     * @return position of the last record
     */
    public long recordedUpTo() {
        synchronized (lock) {
            return index.recordedUpTo;
        }
    }

    /**
     * A batch is written.
     *
     * @param position of its last record
     */
    public void recordedUpTo(long position) {
        index.recordedUpTo = position;
    }

    /** For contents that are read, from any thread. */
    private final class Books implements Views.LookUp {

        @Override
        public @Nullable Stored find(SpoolId id) throws IOException {
            synchronized (lock) {
                Entry entry = index.table.get(id);
                return entry == null ? null : index.raw(entry);
            }
        }

        @Override
        public void damaged(SpoolId id, IOException cause) {
            synchronized (lock) {
                Entry entry = index.table.get(id);
                if (entry != null && !entry.isFinished() && !entry.isBroken()) {
                    index.breakOff(entry, cause);
                }
            }
        }
    }

    Message view(Entry entry, Stored stored) {
        return views.view(stored, entry.crashes);
    }

    /** As {@link io.spooler.store.MessageStore#claim(int, Instant, Duration)}. */
    public List<Claim> claim(int recipients, Instant now, Duration lease) {
        synchronized (lock) {
            expire(now);
            List<Claim> claims = new ArrayList<>();
            int count = 0;
            long time = Nanos.of(now);
            Entry entry = index.due.first();
            while (entry != null && entry.due <= time && (count < recipients || claims.isEmpty())) {
                Claim claim = lendDue(entry, now, lease);
                if (claim != null) {
                    claims.add(claim);
                    count += Math.max(1, claim.due().size());
                }
                entry = index.due.first();
            }
            return claims;
        }
    }

    /** Takes the entry out of the heap in any case, or gives it a later time. */
    private @Nullable Claim lendDue(Entry entry, Instant now, Duration lease) {
        if (entry.isFinished()) {
            index.due.remove(entry);
            return null;
        }
        try {
            Stored raw = index.raw(entry);
            Stored stored = entry.extra == null ? raw : raw.wake(entry.extra.wakes(), now);
            List<Integer> due = stored.due(now);
            if (due.isEmpty() && !stored.isFinal()) {
                long next = stored.dueNanos();
                entry.due = next > Nanos.of(now) ? next : Long.MAX_VALUE;
                index.due.update(entry);
                return null;
            }
            return lend(entry, raw, stored, due, now.plus(lease));
        } catch (IOException e) {
            index.breakOff(entry, e);
            return null;
        }
    }

    private Claim lend(Entry entry, Stored raw, Stored stored, List<Integer> due, Instant until) {
        Lease lease = index.lend(entry, raw, stored, due, ++epoch, until);
        return new Claim(view(entry, stored), due, lease.epoch, until);
    }

    /** As {@link io.spooler.store.MessageStore#claim(SpoolId, Instant, Duration)}. */
    public Optional<Claim> claim(SpoolId id, Instant now, Duration lease) {
        synchronized (lock) {
            expire(now);
            Entry entry = index.table.get(id);
            if (entry == null || entry.isFinished() || entry.isBroken() || entry.lease() != null) {
                return Optional.empty();
            }
            try {
                Stored raw = index.raw(entry);
                Stored stored = entry.extra == null ? raw : raw.wake(entry.extra.wakes(), now);
                return Optional.of(lend(entry, raw, stored, stored.unfinished(), now.plus(lease)));
            } catch (IOException e) {
                index.breakOff(entry, e);
                return Optional.empty();
            }
        }
    }

    /** Nobody waits for these; they are written with the next batch, at once if there is none. */
    private void mark(int type, List<SpoolId> ids) throws SpoolException {
        Encoder head = Records.ids(ids);
        journal.append(new Append(type, false, head.octets(), head.size()) {});
    }

    /** Claims are not in the journal, only that work on a message goes on. */
    private void ended(Collection<Lease> leases) {
        List<SpoolId> ids = leases.stream()
                .filter(lease -> lease.begun)
                .map(lease -> lease.entry.id())
                .toList();
        if (!ids.isEmpty()) {
            try {
                mark(Records.RELEASE, ids);
            } catch (SpoolException e) {
                LOG.debug("That work on {} has ended is not recorded: it will count as a crash", ids, e);
            }
        }
    }

    private void expire(Instant now) {
        List<Lease> expired = index.leases.expired(now);
        if (!expired.isEmpty()) {
            expired.forEach(lease -> index.endClaim(lease, now));
            ended(expired);
        }
    }

    /** The claim must hold. */
    Lease held(Claim claim, Instant now) throws SpoolException {
        expire(now);
        Lease lease = index.leases.get(claim.epoch());
        if (lease == null || !lease.entry.has(claim.message().id())) {
            throw new SpoolException(
                    Reason.NOT_FOUND,
                    "the claim does not hold any more: " + claim.message().id());
        }
        return lease;
    }

    /** As {@link io.spooler.store.MessageStore#settle}. */
    public CompletionStage<@Nullable Void> settle(Claim claim, Settlement settlement) {
        try {
            journal.awaitRoom();
            synchronized (lock) {
                Instant now = clock.instant();
                Lease lease = held(claim, now);
                work(lease, settlement.work());
                return settlement.isEmpty() ? CompletableFuture.completedFuture(null) : settle(lease, settlement, now);
            }
        } catch (SpoolException | IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void work(Lease lease, Settlement.@Nullable Work work) throws SpoolException {
        boolean begun = work == null ? lease.begun : work == Settlement.Work.BEGINS;
        if (begun != lease.begun) {
            mark(begun ? Records.BEGUN : Records.RELEASE, List.of(lease.entry.id()));
            lease.begun = begun;
        }
    }

    private CompletionStage<@Nullable Void> settle(Lease lease, Settlement settlement, Instant now)
            throws SpoolException {
        String refusal = lease.stored.refusal(settlement);
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        Stored after = lease.stored.after(settlement, now);
        BitSet open = openAfter(lease, settlement, after);
        boolean ends = settlement.complete() || (open.isEmpty() && !after.isFinal());
        boolean durable = settlement.complete() || hasFinal(settlement);
        int end = ends ? end(lease, settlement) : 0;
        Settling record = settling(lease, settlement, after, end, durable);
        journal.append(record);
        apply(lease, settlement, after, record);
        if ((end & Records.FORGETS) != 0) {
            lease.entry.crashes = 0;
        }
        lease.open.clear();
        lease.open.or(open);
        if (settlement.complete()) {
            index.finish(lease, after);
        } else if (ends) {
            index.endClaim(lease, now);
        }
        return durable ? record.stage : CompletableFuture.completedFuture(null);
    }

    /** Work that came to an end says that it is not what ends the process, and who is held is tried anew when released. */
    private static int end(Lease lease, Settlement settlement) {
        boolean forgets =
                lease.begun || settlement.transitions().stream().anyMatch(t -> t.state() == RecipientState.HELD);
        return forgets ? Records.ENDS | Records.FORGETS : Records.ENDS;
    }

    private static boolean hasFinal(Settlement settlement) {
        for (Settlement.Transition t : settlement.transitions()) {
            if (t.state().isFinal()) {
                return true;
            }
        }
        return false;
    }

    private static BitSet openAfter(Lease lease, Settlement settlement, Stored after) {
        boolean replaced =
                settlement.prepared() != null && settlement.prepared().recipients() != null;
        BitSet open = replaced ? QueueIndex.all(after.recipients().size()) : (BitSet) lease.open.clone();
        settlement.transitions().forEach(t -> open.clear(t.recipient()));
        return open;
    }

    private Settling settling(Lease lease, Settlement settlement, Stored after, int end, boolean durable) {
        Entry entry = lease.entry;
        if (settlement.complete()) {
            return new Settling(
                    Records.MESSAGE, true, Records.message(after, entry.crashes, false), lease, lease.stored);
        }
        int changes = settlement.transitions().size();
        int count = after.recipients().size();
        // A DELTA does not name recipients, so it cannot say that one of them has another transport or address.
        boolean named = settlement.prepared() != null || settlement.renews();
        if (named || count <= SMALL_LEDGER || changes * 2 > count || entry.chain >= MAX_CHAIN) {
            return new Settling(Records.STATE, durable, Records.state(after, end), lease, null);
        }
        BitSet changed = new BitSet(count);
        settlement.transitions().forEach(t -> changed.set(t.recipient()));
        return new Settling(Records.DELTA, durable, Records.delta(after, changed, entry.ledger, end), lease, null);
    }

    private void apply(Lease lease, Settlement settlement, Stored after, Append record) {
        Entry entry = lease.entry;
        index.count(lease.stored, -1);
        entry.ledger = record.position();
        if (settlement.complete()) {
            entry.position = record.position();
            entry.size = record.size();
            entry.chain = 0;
        } else {
            index.count(after, 1);
            boolean whole = record instanceof Settling settling && settling.type == Records.STATE;
            entry.chain = whole ? 0 : (byte) (entry.chain + 1);
            lease.woken &= !whole;
        }
        if (settlement.prepared() != null || settlement.renews()) {
            index.types.summarise(entry, after.recipients());
        }
        entry.states = (short) after.stateBits();
        lease.stored = after;
    }

    /** An outcome on its way to the disk. */
    private final class Settling extends Append {

        private final int type;
        private final Entry entry;
        private final @Nullable Stored completed;
        private final long oldPosition;
        private final int oldSize;
        private final CompletableFuture<@Nullable Void> stage = new CompletableFuture<>();

        Settling(int type, boolean durable, Encoder head, Lease lease, @Nullable Stored completed) {
            super(type, durable, head.octets(), head.size());
            this.type = type;
            this.entry = lease.entry;
            this.completed = completed;
            this.oldPosition = entry.position;
            this.oldSize = entry.size;
        }

        @Override
        protected void recorded() {
            index.recorded(entry, position());
            if (completed != null) {
                index.usage.remove(oldPosition, oldSize);
                index.usage.add(position(), size());
                index.finished.add(entry);
            }
        }

        @Override
        protected void done() {
            if (completed != null) {
                // Only now: until here a crash would bring the message back.
                files.delete(completed.accepted());
                if (completed.revised() != null) {
                    files.delete(completed.revised());
                }
            }
            stage.complete(null);
        }

        @Override
        protected void failed(SpoolException reason) {
            stage.completeExceptionally(reason);
        }
    }

    /** As {@link io.spooler.store.MessageStore#release}. */
    public void release(Claim claim) {
        synchronized (lock) {
            try {
                Instant now = clock.instant();
                Lease lease = held(claim, now);
                index.endClaim(lease, now);
                ended(List.of(lease));
            } catch (SpoolException e) {
                // It does not hold any more: nothing to give back.
            }
        }
    }

    /** Gives everything back before a clean end, which is no crash. */
    public void releaseAll() {
        synchronized (lock) {
            List<Lease> all = List.copyOf(index.leases.all());
            all.forEach(lease -> index.endClaim(lease, clock.instant()));
            ended(all);
        }
    }

    /** As {@link io.spooler.store.MessageStore#nextDue}. */
    public Optional<Instant> nextDue() {
        synchronized (lock) {
            expire(clock.instant());
            Entry first = index.due.first();
            return first == null ? Optional.empty() : Optional.of(Nanos.instant(first.due));
        }
    }
}
