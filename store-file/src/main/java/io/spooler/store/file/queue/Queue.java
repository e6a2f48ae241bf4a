package io.spooler.store.file.queue;

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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Lends messages and records what became of them. Any thread. The lock of the store guards everything; records are
 * appended under it, so that the journal tells the same story as the heap, and nobody waits for the disk under it but
 * to read a message back.
 *
 * <p>Order: the record first, then the heap; what could not be appended did not happen.
 */
public final class Queue {

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
            List<SpoolId> ids = new ArrayList<>();
            int count = 0;
            Entry entry = index.heap.first();
            while (entry != null && entry.due <= Nanos.of(now) && (count < recipients || claims.isEmpty())) {
                Claim claim = lendDue(entry, now, lease);
                if (claim != null) {
                    claims.add(claim);
                    ids.add(claim.message().id());
                    count += Math.max(1, claim.due().size());
                }
                entry = index.heap.first();
            }
            return claims.isEmpty() || mark(Records.CLAIM, ids) ? claims : List.of();
        }
    }

    /** Takes the entry out of the heap in any case, or gives it a later time. */
    private @Nullable Claim lendDue(Entry entry, Instant now, Duration lease) {
        if (entry.isFinished()) {
            index.heap.remove(entry);
            return null;
        }
        try {
            Stored raw = index.raw(entry);
            Stored stored = entry.extra == null ? raw : raw.wake(entry.extra.wakes(), now);
            List<Integer> due = stored.due(now);
            if (due.isEmpty() && !stored.isFinal()) {
                long next = stored.dueNanos();
                entry.due = next > Nanos.of(now) ? next : Long.MAX_VALUE;
                index.heap.update(entry);
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
                Claim claim = lend(entry, raw, stored, stored.unfinished(), now.plus(lease));
                return mark(Records.CLAIM, List.of(id)) ? Optional.of(claim) : Optional.empty();
            } catch (IOException e) {
                index.breakOff(entry, e);
                return Optional.empty();
            }
        }
    }

    /** Nobody waits for these; they are written with the next batch, at once if there is none. */
    private boolean mark(int type, List<SpoolId> ids) {
        Encoder head = Records.ids(ids);
        try {
            journal.append(new Append(type, false, head.octets(), head.size()) {});
            return true;
        } catch (SpoolException e) {
            return false;
        }
    }

    private void expire(Instant now) {
        Lease lease = index.expired(now);
        while (lease != null) {
            index.endClaim(lease, now);
            mark(Records.RELEASE, List.of(lease.entry.id()));
            lease = index.expired(now);
        }
    }

    /** The claim must hold. */
    Lease held(Claim claim, Instant now) throws SpoolException {
        expire(now);
        Entry entry = index.table.get(claim.message().id());
        Lease lease = entry == null ? null : entry.lease();
        if (lease == null || lease.epoch != claim.epoch()) {
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
                return settle(held(claim, now), settlement, now);
            }
        } catch (SpoolException | IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
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
        boolean durable = settlement.complete()
                || settlement.transitions().stream().anyMatch(t -> t.state().isFinal());
        Settling record = settling(lease, settlement, after, ends, durable);
        journal.append(record);
        apply(lease, settlement, after, record);
        lease.open.clear();
        lease.open.or(open);
        if (settlement.complete()) {
            index.finish(lease, after);
        } else if (ends) {
            index.endClaim(lease, now);
        }
        return durable ? record.stage : CompletableFuture.completedFuture(null);
    }

    private static BitSet openAfter(Lease lease, Settlement settlement, Stored after) {
        boolean replaced =
                settlement.prepared() != null && settlement.prepared().recipients() != null;
        BitSet open = replaced ? QueueIndex.all(after.recipients().size()) : (BitSet) lease.open.clone();
        settlement.transitions().forEach(t -> open.clear(t.recipient()));
        return open;
    }

    private Settling settling(Lease lease, Settlement settlement, Stored after, boolean ends, boolean durable) {
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
            return new Settling(Records.STATE, durable, Records.state(after, ends), lease, null);
        }
        BitSet changed = new BitSet(count);
        settlement.transitions().forEach(t -> changed.set(t.recipient()));
        return new Settling(Records.DELTA, durable, Records.delta(after, changed, entry.ledger, ends), lease, null);
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
                index.endClaim(held(claim, now), now);
                mark(Records.RELEASE, List.of(claim.message().id()));
            } catch (SpoolException e) {
                // It does not hold any more: nothing to give back.
            }
        }
    }

    /** Gives everything back before a clean end, which is no crash. */
    public void releaseAll() {
        synchronized (lock) {
            List<SpoolId> ids = new ArrayList<>();
            while (!index.leases.isEmpty()) {
                Lease lease = index.leases.first();
                ids.add(lease.entry.id());
                index.endClaim(lease, clock.instant());
            }
            if (!ids.isEmpty()) {
                mark(Records.RELEASE, ids);
            }
        }
    }

    /** As {@link io.spooler.store.MessageStore#nextDue}. */
    public Optional<Instant> nextDue() {
        synchronized (lock) {
            expire(clock.instant());
            Entry first = index.heap.first();
            return first == null ? Optional.empty() : Optional.of(Nanos.instant(first.due));
        }
    }
}
