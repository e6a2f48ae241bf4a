package io.spooler.store.file.queue;

import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.content.ContentReader;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.journal.Append;
import io.spooler.store.file.journal.Position;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the queue does beside its work: forgets old ledgers, copies living messages out of old segments, writes ledgers
 * anew that were damaged, or to which something is added. One thread at a time, but for {@link #note}; the lock is held for one
 * message at a time.
 */
public final class Upkeep {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final int BUNDLE = 256;
    private static final long GOOD_SIZE = 128 * 1024;
    private static final byte[] NOTHING = {};

    private final Queue queue;
    private final QueueIndex index;
    private final ContentReader reader;

    /**
     * Looks after a queue.
     *
     * @param queue whose
     * @param reader reads contents
     */
    public Upkeep(Queue queue, ContentReader reader) {
        this.queue = queue;
        this.index = queue.index();
        this.reader = reader;
    }

    /**
     * Writes the ledgers that a replay had to guess, and that messages which it did not believe are none.
     *
     * @param replay what it found
     * @throws SpoolException STORE_STOPPED
     */
    public void repair(QueueReplay.Result replay) throws SpoolException {
        for (QueueReplay.Repair repair : replay.repairs()) {
            synchronized (queue.lock()) {
                if (!move(repair.entry(), repair.stored())) {
                    LOG.error(
                            "The ledger of message {} is not written anew",
                            repair.entry().id());
                }
            }
        }
        if (!replay.torn().isEmpty()) {
            LOG.warn("{} messages were not yet accepted at a power loss, and are not there", replay.torn());
            Encoder head = Records.ids(replay.torn());
            queue.journal().append(new Append(Records.LOST, false, head.octets(), head.size()) {});
        }
    }

    /**
     * Forgets finished messages.
     *
     * @param retention how long they can be found
     * @param most how many are kept at most
     */
    public void forget(Duration retention, int most) {
        long limit = Nanos.of(queue.clock().instant().minus(retention));
        boolean more = true;
        while (more) {
            synchronized (queue.lock()) {
                more = forget(limit, most);
            }
        }
    }

    private boolean forget(long limit, int most) {
        for (int i = 0; i < BUNDLE; i++) {
            Entry oldest = index.finished.peek();
            if (oldest == null || (oldest.due >= limit && index.finished.size() <= most)) {
                return false;
            }
            index.finished.remove();
            index.forget(oldest);
        }
        return true;
    }

    /**
     * Copies what lives in a segment to the end of the journal.
     *
     * @param segment its number; no record in it is on its way any more
     * @return false if something cannot be read: the segment must stay
     * @throws SpoolException STORE_STOPPED
     * @throws IOException if the store stops meanwhile
     */
    public boolean copyOut(long segment) throws SpoolException, IOException {
        Iterable<Entry> table;
        synchronized (queue.lock()) {
            table = index.table.snapshot();
        }
        List<Entry> living = new ArrayList<>();
        for (Entry entry : table) {
            if (Position.segment(entry.position) == segment) {
                living.add(entry);
            }
        }
        living.sort(Entry::compareId); // About as they stand in the segment: read from one end to the other.
        boolean all = true;
        long copied = 0;
        for (Entry entry : living) {
            synchronized (queue.lock()) {
                all &= copy(entry, segment);
            }
            copied += entry.size;
            if (copied > GOOD_SIZE) {
                queue.journal().awaitDurable(); // Whoever submits meanwhile waits for no more than this to be written.
                copied = 0;
            }
        }
        return all;
    }

    private boolean copy(Entry entry, long segment) throws SpoolException {
        if (Position.segment(entry.position) != segment || index.table.get(entry.id()) != entry) {
            return true;
        }
        try {
            Stored stored = index.raw(entry);
            // What is on its way the next round finds written.
            return isWritten(stored.revised()) && move(entry, stored);
        } catch (IOException e) {
            if (!entry.isBroken()) {
                index.breakOff(entry, e);
            }
            return false;
        }
    }

    private boolean isWritten(@Nullable ContentRef content) {
        return content == null || !content.isInJournal() || queue.journal().isWritten(content.position());
    }

    /**
     * As {@link io.spooler.store.LedgerNotes#note}: the message is written anew. Any thread.
     *
     * @param id of the message
     * @param recipient its number
     * @param reply what was said
     * @return false if that cannot be
     * @throws SpoolException STORE_STOPPED
     */
    public boolean note(SpoolId id, int recipient, Reply reply) throws SpoolException {
        synchronized (queue.lock()) {
            Entry entry = index.table.get(id);
            if (entry == null || entry.isBroken()) {
                return false;
            }
            try {
                Stored stored = index.raw(entry);
                Stored noted = stored.noted(recipient, reply);
                // Whoever read a content that is on its way would wait for it under the lock.
                return noted != null
                        && isWritten(stored.accepted())
                        && isWritten(stored.revised())
                        && move(entry, noted);
            } catch (IOException e) {
                index.breakOff(entry, e);
                return false;
            }
        }
    }

    /** Writes a message anew as it is left; under the lock of the store. False if its content cannot be read. */
    boolean renew(Entry entry, Stored stored) throws SpoolException {
        if (!move(entry, stored)) {
            return false;
        }
        index.types.summarise(entry, stored.recipients());
        long finished = entry.due;
        QueueIndex.summarise(entry, stored);
        entry.due = entry.isFinished() ? finished : entry.due;
        return true;
    }

    /** False if a content cannot be read, now or ever: the segment must stay. */
    private boolean move(Entry entry, Stored stored) throws SpoolException {
        try {
            Moving record = moving(entry, stored);
            queue.journal().append(record);
            index.usage.remove(entry.position, entry.size);
            entry.position = record.position();
            entry.ledger = record.position();
            entry.size = record.size();
            entry.chain = 0;
            index.usage.add(entry.position, entry.size);
            Stored placed = stored.with(placed(record.accepted, record), placedOrNull(record.revised, record));
            Lease lease = entry.lease();
            if (lease != null) {
                lease.stored = placed;
                lease.woken = false;
            } else {
                entry.extra = Extra.pinned(placed, false, entry.extra == null ? List.of() : entry.extra.wakes());
            }
            return true;
        } catch (IOException e) {
            if (!entry.isBroken()) {
                index.breakOff(entry, e);
            }
            return false;
        }
    }

    private static ContentRef placed(ContentRef ref, Append record) {
        return ref.placed(record.bodyPosition());
    }

    private static @Nullable ContentRef placedOrNull(@Nullable ContentRef ref, Append record) {
        return ref == null ? null : placed(ref, record);
    }

    private Moving moving(Entry entry, Stored stored) throws IOException {
        ContentRef accepted = stored.accepted();
        ContentRef revised = stored.revised();
        int first = accepted.isInJournal() ? (int) accepted.size() : 0;
        int second = revised != null && revised.isInJournal() ? (int) revised.size() : 0;
        byte[] body = first + second == 0 ? NOTHING : new byte[first + second];
        if (first > 0) {
            reader.readInto(accepted, body, 0);
            accepted = ContentRef.here(0, first, accepted.crc());
        }
        if (second > 0 && revised != null) {
            reader.readInto(revised, body, first);
            revised = ContentRef.here(first, second, revised.crc());
        }
        Encoder head = Records.message(stored.with(accepted, revised), entry.crashes, entry.isInWork());
        return new Moving(entry, head, body, accepted, revised);
    }

    private static int crc(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return (int) crc.getValue();
    }

    /** A message on its way to another segment; whoever deletes the old one waits for a force. */
    private final class Moving extends Append {

        private final Entry entry;
        private final ContentRef accepted;
        private final @Nullable ContentRef revised;

        Moving(Entry entry, Encoder head, byte[] body, ContentRef accepted, @Nullable ContentRef revised) {
            super(Records.MESSAGE, false, head.octets(), head.size(), body, body.length, crc(body));
            this.entry = entry;
            this.accepted = accepted;
            this.revised = revised;
        }

        @Override
        protected void recorded() {
            index.recorded(entry, position());
        }
    }
}
