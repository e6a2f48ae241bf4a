package io.spooler.store.file.queue;

import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.content.ContentReader;
import io.spooler.store.file.content.Quarantine;
import io.spooler.store.file.journal.Append;
import io.spooler.store.file.journal.DamagedRecordException;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Recovery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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
        List<Entry> ill = new ArrayList<>();
        for (Entry entry : patients) {
            if (!attempt(entry, this::recover)) {
                ill.add(entry);
            }
        }
        if (!ill.isEmpty()) {
            treat(ill);
        }
    }

    /** What is done for one patient; true if it need not be looked at any more. */
    @FunctionalInterface
    private interface Treatment {
        boolean of(Entry entry) throws IOException, SpoolException;
    }

    /** A patient that defies all treatment must not keep the others, and all other upkeep, waiting. */
    private static boolean attempt(Entry entry, Treatment treatment) throws SpoolException {
        try {
            return treatment.of(entry);
        } catch (IOException | RuntimeException e) {
            LOG.warn("Message {} cannot be looked after at present", entry.id(), e);
            return true;
        }
    }

    /** One that has left meanwhile, or can be read after all, or whose disk fails: then the next round tells. */
    private boolean recover(Entry entry) throws IOException {
        if (!isHere(entry)) {
            return true;
        }
        if (!isWell(entry)) {
            if (entry.isInFile() && !entry.isFinished() && reader.files().isEmpty()) {
                throw new IOException("the directory of contents is empty; is it not mounted?");
            }
            return false;
        }
        synchronized (queue.lock()) {
            if (index.unreadable.remove(entry)) {
                index.mend(entry);
            }
        }
        LOG.info("Message {} can be read again", entry.id());
        return true;
    }

    private boolean isHere(Entry entry) {
        synchronized (queue.lock()) {
            boolean here = index.table.get(entry.id()) == entry;
            if (!here) {
                index.unreadable.remove(entry);
            }
            return here;
        }
    }

    /** One reading of the journal for all of them. */
    private void treat(List<Entry> ill) throws SpoolException {
        Pieces pieces = new Pieces();
        ill.forEach(entry -> pieces.stored.put(entry.id(), Optional.empty()));
        try {
            journal.run(pieces);
        } catch (IOException e) {
            LOG.warn("The journal cannot be read at present; {} messages wait for it", ill.size(), e);
            return;
        }
        for (Entry entry : ill) {
            Stored left =
                    pieces.stored.getOrDefault(entry.id(), Optional.empty()).orElse(null);
            attempt(entry, e -> renew(e, left) || quarantine(e, left));
        }
    }

    /** What is left must say no less than is known: a finished message does not come back. */
    private boolean renew(Entry entry, @Nullable Stored left) throws IOException, SpoolException {
        if (left == null || (entry.isFinished() && left.finished() == null) || !isWhole(left)) {
            return false;
        }
        synchronized (queue.lock()) {
            if (index.unreadable.contains(entry) && upkeep.renew(entry, left)) {
                index.unreadable.remove(entry);
                index.mend(entry);
            }
        }
        LOG.error("A piece of the ledger of message {} is damaged; the message goes on without it", entry.id());
        return true;
    }

    private boolean quarantine(Entry entry, @Nullable Stored left) throws IOException, SpoolException {
        Set<SpoolId> files = new LinkedHashSet<>(List.of(entry.id()));
        if (left != null) {
            Stream.of(left.accepted(), left.revised())
                    .filter(ref -> ref != null && ref.file() != null)
                    .forEach(ref -> files.add(ref.file()));
        }
        quarantine.keep(entry.id(), queue.journal().raw(entry.position, entry.size), files);
        Encoder head = Records.ids(List.of(entry.id()));
        synchronized (queue.lock()) {
            if (!index.unreadable.remove(entry)) {
                return true;
            }
            queue.journal().append(new Append(Records.LOST, true, head.octets(), head.size()) {});
            index.lose(entry);
            lost++;
        }
        SpoolId id = entry.id();
        LOG.error("Message {} is damaged; what is left of it is in quarantine/, as {}.damaged", id, id);
        return true;
    }

    private boolean isWell(Entry entry) throws IOException {
        Stored stored;
        synchronized (queue.lock()) {
            try {
                stored = index.raw(entry);
            } catch (DamagedRecordException e) {
                return false;
            } catch (IOException e) {
                if (e.getCause() instanceof RuntimeException) {
                    return false; // Whole, and makes no sense.
                }
                throw e;
            }
        }
        return isWhole(stored);
    }

    private boolean isWhole(Stored stored) throws IOException {
        return reader.isWhole(stored.accepted()) && (stored.revised() == null || reader.isWhole(stored.revised()));
    }

    /** What the whole records of some messages say, absolute as they are, the later ones last. */
    private static final class Pieces implements Recovery.Replay {

        private final Map<SpoolId, Optional<Stored>> stored = new HashMap<>();

        @Override
        public void run() {
            // Whoever was at work then is at work no more.
        }

        @Override
        public boolean record(Journal.Found found, long position) {
            try {
                if (found.type() <= Records.DELTA) {
                    stored.computeIfPresent(Records.id(found), (id, before) -> after(before, found));
                }
                return true;
            } catch (RuntimeException e) {
                return false; // It speaks of what is lost.
            }
        }

        private static Optional<Stored> after(Optional<Stored> before, Journal.Found found) {
            if (found.type() == Records.MESSAGE) {
                return Optional.of(Records.message(found).stored());
            }
            return before.map(known -> found.type() == Records.STATE
                    ? known.with(Records.state(found, known.envelope().recipients()))
                    : known.with(Records.delta(found)));
        }
    }
}
