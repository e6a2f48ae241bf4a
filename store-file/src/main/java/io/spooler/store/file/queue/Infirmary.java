package io.spooler.store.file.queue;

import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.content.ContentReader;
import io.spooler.store.file.content.Quarantine;
import io.spooler.store.file.journal.Append;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Recovery;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after messages that cannot be read (reliability 1.5). One that can be read after all goes on, and so does one whose
 * ledger has lost a piece: the rest of it is in the journal. Of one that is damaged the octets go to the quarantine, and it
 * leaves the queue, because a segment with a damaged message in it could never be given back. One thread, the carer's.
 */
public final class Infirmary {

    private static final Logger LOG = LoggerFactory.getLogger(Infirmary.class);

    /** Reads the journal from its beginning. */
    @FunctionalInterface
    public interface Reading {

        /**
         * Reads.
         *
         * @param replay takes all records that are whole, in order
         * @throws IOException if the disk fails
         */
        void run(Recovery.Replay replay) throws IOException;
    }

    private final Queue queue;
    private final QueueIndex index;
    private final ContentReader reader;
    private final Quarantine quarantine;
    private final Upkeep upkeep;
    private final Reading journal;
    private long lost;

    /**
     * Looks after a queue.
     *
     * @param queue whose
     * @param reader tells whether a content is whole
     * @param quarantine takes what is not
     * @param upkeep writes a ledger anew
     * @param journal is read for what is left of a ledger
     */
    public Infirmary(Queue queue, ContentReader reader, Quarantine quarantine, Upkeep upkeep, Reading journal) {
        this.queue = queue;
        this.index = queue.index();
        this.reader = reader;
        this.quarantine = quarantine;
        this.upkeep = upkeep;
        this.journal = journal;
    }

    /**
     * Messages that went to the quarantine since the start.
     *
     * @return how many
     */
    public long lost() {
        synchronized (queue.lock()) {
            return lost;
        }
    }

    /**
     * One round. What fails is tried again in the next.
     *
     * @throws SpoolException STORE_STOPPED
     */
    public void round() throws SpoolException {
        List<Entry> patients;
        synchronized (queue.lock()) {
            patients = List.copyOf(index.unreadable);
        }
        for (Entry entry : patients) {
            try {
                look(entry);
            } catch (IOException e) {
                LOG.warn("Message {} cannot be put into the quarantine at present", entry.id(), e);
            }
        }
    }

    private void look(Entry entry) throws IOException, SpoolException {
        if (isWell(entry)) {
            synchronized (queue.lock()) {
                index.unreadable.remove(entry);
                index.mend(entry);
            }
            LOG.info("Message {} can be read again", entry.id());
            return;
        }
        Stored left = left(entry.id());
        if (left != null && isWhole(left)) {
            synchronized (queue.lock()) {
                index.unreadable.remove(entry);
                upkeep.renew(entry, left);
                index.mend(entry);
            }
            LOG.error("A piece of the ledger of message {} is damaged; the message goes on without it", entry.id());
            return;
        }
        ByteBuffer octets = queue.journal().raw(entry.position, entry.size);
        quarantine.keep(entry.id(), octets);
        Encoder head = Records.ids(List.of(entry.id()));
        synchronized (queue.lock()) {
            queue.journal().append(new Append(Records.LOST, true, head.octets(), head.size()) {});
            index.unreadable.remove(entry);
            index.lose(entry);
            lost++;
        }
        SpoolId id = entry.id();
        LOG.error("Message {} is damaged; what is left of it is in quarantine/, as {}.damaged", id, id);
    }

    private boolean isWell(Entry entry) throws IOException {
        Stored stored;
        synchronized (queue.lock()) {
            try {
                stored = index.raw(entry);
            } catch (IOException e) {
                return false;
            }
        }
        return isWhole(stored);
    }

    private boolean isWhole(Stored stored) throws IOException {
        return reader.isWhole(stored.accepted()) && (stored.revised() == null || reader.isWhole(stored.revised()));
    }

    /** What the whole records of a message say, absolute as they are, the later ones last; null if it is lost. */
    private @Nullable Stored left(SpoolId id) throws IOException {
        Pieces pieces = new Pieces(id);
        journal.run(pieces);
        return pieces.stored;
    }

    /** Collects the records of one message. */
    private static final class Pieces implements Recovery.Replay {

        private final SpoolId id;
        private @Nullable Stored stored;

        Pieces(SpoolId id) {
            this.id = id;
        }

        @Override
        public void run() {
            // Whoever was at work then is at work no more.
        }

        @Override
        public boolean record(Journal.Found found, long position) {
            Stored before = stored;
            if (found.type() > Records.DELTA || !Records.id(found).equals(id)) {
                return true;
            }
            if (found.type() == Records.MESSAGE) {
                stored = Records.message(found).stored();
            } else if (before != null) {
                stored = found.type() == Records.STATE
                        ? before.with(Records.state(found, before.envelope().recipients()))
                        : before.with(Records.delta(found));
            }
            return true;
        }
    }
}
