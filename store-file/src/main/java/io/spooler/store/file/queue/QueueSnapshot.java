package io.spooler.store.file.queue;

import io.spooler.SpoolId;
import io.spooler.store.file.checkpoint.Block;
import io.spooler.store.file.checkpoint.CheckpointWriter;
import io.spooler.store.file.codec.Decoder;
import io.spooler.store.file.codec.Encoder;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;

/**
 * The queue in a checkpoint. It is written while the queue works, a few entries at a time under the lock, so one entry may
 * be older than another: what happened since the snapshot was taken follows in the journal, and every record is absolute.
 */
public final class QueueSnapshot {

    private static final int UNSURE = 64;
    private static final int IN_WORK = 32;

    private final Object lock;
    private final long position;
    private final Iterable<Entry> table;
    private final Map<String, SpoolId> keys;
    private final Types types;

    /** Begins; under the lock of the store. */
    private QueueSnapshot(Queue queue) {
        QueueIndex index = queue.index();
        this.lock = queue.lock();
        this.position = index.recordedUpTo;
        this.table = index.table.snapshot();
        this.keys = index.keys;
        this.types = index.types;
    }

    /**
     * Begins.
     *
     * @param queue whose
     * @return to be written by one thread
     */
    public static QueueSnapshot of(Queue queue) {
        synchronized (queue.lock()) {
            return new QueueSnapshot(queue);
        }
    }

    /**
     * Everything before the record at this place is in the snapshot.
     *
     * @return a position
     */
    public long position() {
        return position;
    }

    /**
     * Writes it.
     *
     * @param out takes it
     * @throws IOException if it cannot be written
     */
    public void write(CheckpointWriter out) throws IOException {
        Iterator<Entry> entries = table.iterator();
        while (entries.hasNext()) {
            Encoder block = new Encoder();
            synchronized (lock) {
                while (entries.hasNext() && block.size() < CheckpointWriter.GOOD_SIZE) {
                    put(block, entries.next());
                }
            }
            out.write(Block.QUEUE, block);
        }
        Encoder names;
        synchronized (lock) {
            names = types.put(); // After the entries: names only come, and bits must not be without one.
        }
        out.write(Block.TYPES, names);
        writeKeys(out);
    }

    private void writeKeys(CheckpointWriter out) throws IOException {
        Encoder block = new Encoder();
        for (Map.Entry<String, SpoolId> key : keys.entrySet()) {
            block.text(key.getKey()).id(key.getValue());
            if (block.size() >= CheckpointWriter.GOOD_SIZE) {
                out.write(Block.KEYS, block);
                block = new Encoder();
            }
        }
        out.write(Block.KEYS, block);
    }

    /** What a claim or a wake has changed in the heap only must be read from the journal again. */
    private static void put(Encoder out, Entry entry) {
        int state = entry.flags() | (entry.extra != null ? UNSURE : 0) | (entry.isInWork() ? IN_WORK : 0);
        out.fixed(entry.high).fixed(entry.low).octet(state);
        out.number(entry.position).number(entry.size);
        out.number(entry.ledger == entry.position ? 0 : entry.ledger).fixed(entry.due);
        out.number(entry.domain & 0xFFFFFFFFL).number(entry.types & 0xFFFFFFFFL).number(entry.states);
        out.octet(entry.crashes).octet(entry.chain);
    }

    /** Fills an entry as it was put, behind its id; says whether work on it was under way. */
    static boolean get(Decoder in, Entry entry) {
        int state = in.octet();
        entry.flags(state & ~(UNSURE | IN_WORK));
        entry.unsure((state & UNSURE) != 0);
        entry.position = in.number();
        entry.size = (int) in.number();
        long ledger = in.number();
        entry.ledger = ledger == 0 ? entry.position : ledger;
        entry.due = in.fixed();
        entry.domain = (int) in.number();
        entry.types = (int) in.number();
        entry.states = (short) in.number();
        entry.crashes = (byte) in.octet();
        entry.chain = (byte) in.octet();
        return (state & IN_WORK) != 0;
    }
}
