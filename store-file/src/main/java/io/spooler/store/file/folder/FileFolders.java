package io.spooler.store.file.folder;

import io.spooler.Content;
import io.spooler.Origins.Origin;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.store.Folders;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.content.ContentReader;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.content.ContentWriter;
import io.spooler.store.file.content.Forcer;
import io.spooler.store.file.content.Ids;
import io.spooler.store.file.content.Limits;
import io.spooler.store.file.content.StoredContent;
import io.spooler.store.file.folder.FolderRecords.FiledRecord;
import io.spooler.store.file.index.IdTable;
import io.spooler.store.file.index.Usage;
import io.spooler.store.file.journal.Append;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mailboxes: a few octets of heap a message, everything else is read when it is asked for. Any thread.
 *
 * <p>The lock of the store guards the index. Changes of what is filed follow one another under a second lock,
 * {@code changing}, which is held while a change becomes durable, and never taken under the first.
 */
public final class FileFolders implements Folders {

    private static final Logger LOG = LoggerFactory.getLogger(FileFolders.class);
    private static final byte[] NOTHING = {};

    /** What the store says before it takes more. */
    @FunctionalInterface
    public interface Gate {

        /**
         * Asks.
         *
         * @return limits at present
         * @throws SpoolException STORE_FULL or STORE_STOPPED
         */
        Limits enter() throws SpoolException;
    }

    private final Object lock;
    private final Object changing = new Object();
    private final Journal journal;
    private final ContentReader reader;
    private final Forcer forcer;
    private final Ids ids;
    private final Clock clock;
    private final Gate gate;
    private final FolderTree tree;
    private final IdTable<Filed> table;
    private final Usage usage;
    private final FileOrigins origins;
    private long sequence;

    /**
     * Folders behind a replay.
     *
     * @param lock of the store
     * @param replay what the journal held
     * @param reader reads contents
     * @param forcer makes large contents durable
     * @param ids for new messages
     * @param clock tells when they were filed
     * @param gate asked before each message
     */
    public FileFolders(
            Object lock, FolderReplay replay, ContentReader reader, Forcer forcer, Ids ids, Clock clock, Gate gate) {
        this.lock = lock;
        this.journal = reader.journal();
        this.reader = reader;
        this.forcer = forcer;
        this.ids = ids;
        this.clock = clock;
        this.gate = gate;
        this.tree = replay.tree;
        this.table = replay.table;
        this.usage = replay.usage;
        this.origins = new FileOrigins(lock, journal, replay.origins);
        this.sequence = replay.sequence();
    }

    @Override
    public List<String> mailboxes() {
        synchronized (lock) {
            return tree.visible();
        }
    }

    @Override
    public List<Entry> list(String mailbox, String folder, long after, int limit) {
        synchronized (lock) {
            Folder found = tree.find(mailbox, folder);
            return found == null ? List.of() : list(found, after, limit);
        }
    }

    private List<Entry> list(Folder folder, long after, int limit) {
        List<Entry> entries = new ArrayList<>();
        for (Filed filed : folder.list(after, limit)) {
            read(filed).ifPresent(record -> entries.add(record.entry()));
        }
        return entries;
    }

    @Override
    public SortedMap<String, Integer> folders(String mailbox) {
        synchronized (lock) {
            return tree.sizes(mailbox);
        }
    }

    /** Records are seen in the order in which they were appended, and that is the order of their sequences. */
    @Override
    public List<Entry> since(long after, int limit) {
        synchronized (lock) {
            return list(tree.all(), after, limit);
        }
    }

    @Override
    public long sequence() {
        synchronized (lock) {
            return tree.all().last();
        }
    }

    private Optional<FiledRecord> read(Filed filed) {
        try {
            return Optional.of(FolderRecords.filed(journal.read(filed.entry)));
        } catch (IOException | RuntimeException e) {
            LOG.error("The filed message {} cannot be read at {}", filed.id(), Position.text(filed.entry), e);
            return Optional.empty();
        }
    }

    /** A FILED or ENTRY record; throws if it is damaged, or cannot be read at present. */
    FiledRecord record(long position) throws IOException {
        return FolderRecords.filed(journal.read(position));
    }

    Optional<FiledRecord> read(SpoolId id) {
        synchronized (lock) {
            Filed filed = table.get(id);
            return filed == null ? Optional.empty() : read(filed);
        }
    }

    @Override
    public Optional<Entry> entry(SpoolId id) {
        return read(id).map(FiledRecord::entry);
    }

    @Override
    public Optional<Content> content(SpoolId id) {
        return read(id).map(record -> new StoredContent(reader, NOTHING, record.content(), new Place(id), false));
    }

    /** Where the content of a filed message is now. */
    private final class Place implements StoredContent.Whereabouts {

        private final SpoolId id;

        Place(SpoolId id) {
            this.id = id;
        }

        @Override
        public @Nullable ContentRef now() {
            return read(id).map(FiledRecord::content).orElse(null);
        }

        @Override
        public void damaged(IOException cause) {
            LOG.error("The content of the filed message {} is damaged", id, cause);
        }
    }

    @Override
    public boolean mark(SpoolId id, Set<String> flags) throws SpoolException {
        return change(id, e -> copy(e, e.folder(), flags));
    }

    @Override
    public boolean move(SpoolId id, String folder) throws SpoolException {
        new Filing("any", folder, "any", null, Set.of()); // checks the name
        return change(id, e -> copy(e, spelled(e.mailbox(), folder), e.flags()));
    }

    private String spelled(String mailbox, String folder) {
        synchronized (lock) {
            return tree.folder(mailbox, folder).name();
        }
    }

    private static Entry copy(Entry e, String folder, Set<String> flags) {
        return new Entry(
                e.id(), e.mailbox(), folder, e.messageClass(), e.sender(), e.received(), e.size(), flags, e.sequence());
    }

    private boolean change(SpoolId id, UnaryOperator<Entry> change) throws SpoolException {
        journal.mayWait();
        synchronized (changing) {
            FiledRecord record = read(id).orElse(null);
            if (record == null) {
                return false;
            }
            Entry entry = change.apply(record.entry());
            Changing append = new Changing(id, FolderRecords.ENTRY, FolderRecords.filed(entry, record.content())) {
                @Override
                void apply(Filed filed) {
                    filed.entry = position();
                    filed.folder.remove(filed);
                    filed.folder = tree.folder(entry.mailbox(), entry.folder());
                    filed.folder.add(filed);
                }
            };
            return append.await();
        }
    }

    @Override
    public boolean delete(SpoolId id) throws SpoolException {
        journal.mayWait();
        synchronized (changing) {
            FiledRecord record = read(id).orElse(null);
            if (record == null) {
                return false;
            }
            boolean removed = remove(id);
            reader.files().delete(record.content());
            return removed;
        }
    }

    /** Takes a message out of its folder; the caller holds {@code changing}. */
    boolean remove(SpoolId id) throws SpoolException {
        return new Changing(id, FolderRecords.REMOVED, FolderRecords.removed(id)) {
            @Override
            void apply(Filed filed) {
                forget(filed);
            }
        }.await();
    }

    private void forget(Filed filed) {
        filed.folder.remove(filed);
        tree.all().remove(filed);
        table.remove(filed);
        usage.remove(filed.position, filed.size);
    }

    /** Makes way for another message with this id, if there is one. Under the lock of the store. */
    void replace(SpoolId id) {
        Filed filed = table.get(id);
        if (filed != null) {
            forget(filed);
        }
    }

    /** A change on its way to the disk; the caller waits for it. */
    private abstract class Changing extends Append {

        private final SpoolId id;
        private final CompletableFuture<Boolean> stage = new CompletableFuture<>();
        private boolean found;

        Changing(SpoolId id, int type, Encoder head) {
            super(type, true, head.octets(), head.size());
            this.id = id;
        }

        abstract void apply(Filed filed);

        boolean await() throws SpoolException {
            journal.awaitRoom();
            journal.append(this);
            try {
                return stage.join();
            } catch (CompletionException e) {
                throw new SpoolException(Reason.STORE_STOPPED, "the change was not kept: the store has stopped", e);
            }
        }

        @Override
        protected void recorded() {
            Filed filed = table.get(id);
            if (filed != null) {
                apply(filed);
                found = true;
            }
        }

        @Override
        protected void done() {
            stage.complete(found);
        }

        @Override
        protected void failed(SpoolException reason) {
            stage.completeExceptionally(reason);
        }
    }

    @Override
    public FileOrigins origins() {
        return origins;
    }

    @Override
    public Incoming receive() throws SpoolException {
        return begin(ids.next());
    }

    @Override
    public Incoming receive(SpoolId id) throws SpoolException {
        synchronized (lock) {
            if (table.get(id) != null) {
                throw new IllegalArgumentException("there is a filed message with the id " + id);
            }
        }
        return begin(id);
    }

    private Incoming begin(SpoolId id) throws SpoolException {
        Limits limits = gate.enter();
        return new FileIncoming(id, new ContentWriter(reader.files(), id, limits.inline(), limits.messageSize()));
    }

    /** A message that is being received. */
    private final class FileIncoming implements Incoming {

        private final SpoolId id;
        private final ContentWriter writer;
        private boolean ended;

        FileIncoming(SpoolId id, ContentWriter writer) {
            this.id = id;
            this.writer = writer;
        }

        @Override
        public SpoolId id() {
            return id;
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            writer.write(source);
        }

        @Override
        public long size() {
            return writer.size();
        }

        @Override
        public Content content() throws IOException {
            return writer.readBack();
        }

        @Override
        public CompletionStage<Entry> file(Filing filing, @Nullable Origin origin) {
            if (ended) {
                return CompletableFuture.failedFuture(
                        new IllegalStateException("the message is filed or closed already"));
            }
            ended = true;
            writer.end();
            SpoolException refusal = writer.refusal();
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal);
            }
            CompletableFuture<Entry> stage = new CompletableFuture<>();
            forcer.force(writer, () -> append(id, filing, origin, writer, stage), stage);
            return stage;
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                writer.discard();
            }
        }
    }

    private void append(
            SpoolId id, Filing filing, @Nullable Origin origin, ContentWriter writer, CompletableFuture<Entry> stage)
            throws SpoolException {
        journal.awaitRoom();
        synchronized (lock) {
            origins.begin(origin);
            journal.append(new FilingAppend(this, entry(id, filing, writer.size()), origin, writer, stage));
        }
    }

    /**
     * What a message will be once it is filed. Under the lock of the store, which is held until {@link #filing} is
     * appended, so that the journal has entries in the order of their sequence.
     *
     * @param id its own
     * @param filing where to, and as what
     * @param size octets
     * @return the entry
     */
    public Entry entry(SpoolId id, Filing filing, long size) {
        String mailbox = tree.mailbox(filing.mailbox());
        return new Entry(
                id,
                mailbox,
                tree.folder(mailbox, filing.folder()).name(),
                filing.messageClass(),
                filing.sender(),
                clock.instant(),
                size,
                filing.flags(),
                ++sequence);
    }

    /**
     * The record that files a message. Under the lock of the store.
     *
     * @param entry where and as what
     * @param writer its content, durable if it has a file
     * @param stage completes when it is filed
     * @return to be appended
     */
    public Append filing(Entry entry, ContentWriter writer, CompletableFuture<Entry> stage) {
        return new FilingAppend(this, entry, null, writer, stage);
    }

    Object lock() {
        return lock;
    }

    Object changing() {
        return changing;
    }

    Journal journal() {
        return journal;
    }

    ContentReader reader() {
        return reader;
    }

    IdTable<Filed> table() {
        return table;
    }

    Usage usage() {
        return usage;
    }

    FolderTree tree() {
        return tree;
    }

    /** The last one that was given to a message, visible or not. */
    long given() {
        return sequence;
    }
}
