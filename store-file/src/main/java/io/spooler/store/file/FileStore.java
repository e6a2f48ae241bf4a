package io.spooler.store.file;

import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.CoupledStore;
import io.spooler.store.Folders;
import io.spooler.store.LedgerNotes;
import io.spooler.store.Message;
import io.spooler.store.OwnPart;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import io.spooler.store.StoreMaintenance;
import io.spooler.store.StoreStatus;
import io.spooler.store.StoreStatus.Condition;
import io.spooler.store.file.checkpoint.Checkpoint;
import io.spooler.store.file.content.ContentFiles;
import io.spooler.store.file.content.ContentReader;
import io.spooler.store.file.content.Forcer;
import io.spooler.store.file.content.Ids;
import io.spooler.store.file.content.Limits;
import io.spooler.store.file.content.Quarantine;
import io.spooler.store.file.folder.FileFolders;
import io.spooler.store.file.folder.FolderCare;
import io.spooler.store.file.folder.FolderReplay;
import io.spooler.store.file.index.Usage;
import io.spooler.store.file.journal.Append;
import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.journal.Finds;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.NoSpace;
import io.spooler.store.file.journal.Recovery;
import io.spooler.store.file.journal.Resume;
import io.spooler.store.file.queue.Browser;
import io.spooler.store.file.queue.Coupling;
import io.spooler.store.file.queue.Infirmary;
import io.spooler.store.file.queue.Intake;
import io.spooler.store.file.queue.Queue;
import io.spooler.store.file.queue.QueueReplay;
import io.spooler.store.file.queue.Upkeep;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store over a directory. {@code FORMAT.md} tells what is in there.
 *
 * <p>Any thread. Threads of its own: {@code spooler-store-commit-1} and {@code -2} write and complete stages,
 * {@code spooler-store-content-N} force large contents, {@code spooler-store-care} gives space back. One lock guards
 * the index; nobody waits for a force under it, and nothing outside the store is called under it. {@code caring} keeps
 * two rounds of upkeep from each other.
 *
 * <p>Failures: the first write or force of the journal that fails stops the store (reliability 1.4).
 */
public final class FileStore implements CoupledStore, LedgerNotes, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
    private static final long CARE_SECONDS = 1;
    private static final long CLOSE_SECONDS = 5;

    private final Object lock = new Object();
    private final Object caring = new Object();
    private final Path directory;
    private final Disk disk;
    private final LockFile lockFile;
    private final Journal journal;
    private final Queue queue;
    private final Browser browser;
    private final Intake intake;
    private final Coupling coupling;
    private final Upkeep upkeep;
    private final FileFolders folders;
    private final Forcer forcer;
    private final Care care;
    private final Space space;
    private final Checkpoints checkpoints;
    private final Infirmary infirmary;
    private final FileMaintenance maintenance;
    private final int damages;
    private final QueueReplay.Result repairs;
    private final ScheduledExecutorService carer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "spooler-store-care");
        thread.setDaemon(true);
        return thread;
    });
    private volatile StoreOptions options;
    private volatile boolean closed;
    private volatile @Nullable SpoolException failure;

    /**
     * Opens a store: takes the lock, replays the journal, starts the threads. Blocks for the disk.
     *
     * @param options settings
     * @param disk where
     * @param clock tells the time of everything that is recorded
     * @return running
     * @throws IOException if the directory cannot be used; the message names it and the cure
     */
    public static FileStore open(StoreOptions options, Disk disk, Clock clock) throws IOException {
        Path directory = options.directory();
        try {
            for (String name : List.of("journal", "content", "quarantine")) {
                disk.createDirectories(directory.resolve(name));
            }
            disk.forceDirectory(directory);
        } catch (IOException e) {
            throw new IOException(
                    "directory " + directory.toAbsolutePath() + " cannot be written (" + e
                            + "); give the user of this process the right to, or set 'directory' of "
                            + StoreOptions.PID,
                    e);
        }
        LockFile lockFile = LockFile.acquire(directory);
        try {
            FileStore store = new FileStore(options, disk, clock, lockFile);
            store.start();
            return store;
        } catch (IOException | RuntimeException | Error e) {
            lockFile.close();
            throw e;
        }
    }

    private FileStore(StoreOptions options, Disk disk, Clock clock, LockFile lockFile) throws IOException {
        this.options = options;
        this.directory = options.directory();
        this.disk = disk;
        this.lockFile = lockFile;
        Path quarantine = directory.resolve("quarantine");
        Usage usage = new Usage();
        QueueReplay queueReplay = new QueueReplay(usage);
        FolderReplay folderReplay = new FolderReplay(usage);
        long started = System.nanoTime();
        Checkpoint checkpoint = new Checkpoint(disk, directory);
        Recovery.Result recovered = recover(
                new Recovery(disk, directory.resolve("journal"), quarantine),
                checkpoint,
                new Replay(queueReplay, folderReplay));
        this.damages = recovered.damages();
        SecureRandom random = new SecureRandom();
        this.journal = new Journal(
                disk,
                directory.resolve("journal"),
                options.segmentSize(),
                recovered,
                random.nextLong(),
                clock,
                new Applier());
        this.forcer = new Forcer(journal);
        ContentFiles files = new ContentFiles(disk, directory.resolve("content"), quarantine);
        ContentReader reader = new ContentReader(journal, files);
        QueueReplay.Result queued = queueReplay.finish(journal, files);
        this.queue = new Queue(lock, queued, reader, clock);
        Map<SpoolId, Long> wanted = new HashMap<>(queueReplay.files());
        folderReplay.finish(journal);
        wanted.putAll(folderReplay.files(files));
        files.hold(wanted.values());
        if (!queueReplay.isDoubtful() && !folderReplay.isDoubtful()) {
            files.sweep(
                    wanted, damages > 0); // Else the infirmary, or the next start, knows which of them belong to whom.
        }
        this.space = new Space(disk, journal, () -> held(usage, files));
        SpoolId last = queueReplay.last().compareTo(folderReplay.last()) > 0 ? queueReplay.last() : folderReplay.last();
        Ids ids = new Ids(clock, random.nextLong(), last);
        this.browser = new Browser(queue);
        this.intake = new Intake(queue, files, forcer, ids);
        this.upkeep = new Upkeep(queue, reader);
        this.folders = new FileFolders(lock, folderReplay, reader, forcer, ids, clock, this::enter);
        this.coupling = new Coupling(intake, folders);
        this.checkpoints = new Checkpoints(checkpoint, journal, queue, folders);
        Quarantine kept = new Quarantine(disk, quarantine, files, journal);
        this.infirmary = new Infirmary(queue, reader, kept, upkeep, this::readAgain);
        this.care = new Care(lock, journal, usage, upkeep, new FolderCare(folders, kept));
        this.maintenance = new FileMaintenance(
                this,
                disk,
                directory,
                journal,
                care,
                new FileMaintenance.Running(
                        clock.instant(),
                        browser::needs,
                        (id, file) -> folders.entry(id).isPresent()));
        this.repairs = queued;
        LOG.info(
                "Store {}: {} messages in the queue, {} segments read in {} ms",
                directory,
                browser.messages(),
                recovered.segments().size(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started));
    }

    private static Recovery.Result recover(Recovery recovery, Checkpoint checkpoint, Replay replay) throws IOException {
        recovery.open();
        Resume head = checkpoint.head();
        if (head == null || !recovery.continues(head)) {
            return recovery.run(replay, null);
        }
        boolean whole = checkpoint.read((kind, values) -> {
            replay.queue().restore(kind, values);
            replay.folders().restore(kind, values);
        });
        if (!whole) {
            throw new IOException("the checkpoint has changed while it was read; open the store again");
        }
        return recovery.run(replay, head);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // care() throws nothing
    private void start() throws IOException {
        try {
            space.makeRoom(options);
            journal.start();
            upkeep.repair(repairs);
        } catch (SpoolException e) {
            journal.close();
            throw new IOException("the repaired ledgers cannot be written", e);
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
        carer.scheduleWithFixedDelay(this::care, CARE_SECONDS, CARE_SECONDS, TimeUnit.SECONDS);
    }

    /** Applies what is written to the heap; on the committer. */
    private final class Applier implements Journal.Listener {

        @Override
        public void recorded(List<Append> batch) {
            synchronized (lock) {
                queue.recordedUpTo(batch.get(batch.size() - 1).position());
                Journal.apply(batch);
            }
        }

        @Override
        public void stopped(SpoolException reason) {
            failure = reason;
        }
    }

    /** One round of upkeep; called by the carer. */
    void care() {
        synchronized (caring) {
            careAlone();
        }
    }

    private void careAlone() {
        try {
            if (!closed && failure == null) {
                space.look(options);
                space.prepareReserve(options);
                infirmary.round();
                upkeep.forget(options.retention(), options.maxFinished());
                care.reclaim(options.segmentSize(), space.isTight());
                checkpoints.round();
            }
        } catch (SpoolException e) {
            LOG.debug("The store has stopped meanwhile", e);
        } catch (RuntimeException | Error e) {
            LOG.error("Upkeep of the store failed; it goes on", e); // Thrown on, it would end all upkeep.
        }
    }

    private void readAgain(Recovery.Replay replay) throws IOException {
        Recovery reading = new Recovery(disk, directory.resolve("journal"), Finds.UNTOLD, journal.writtenUpTo());
        reading.open();
        try {
            reading.run(replay, null);
        } finally {
            reading.close();
        }
    }

    private long held(Usage usage, ContentFiles files) {
        synchronized (lock) {
            return usage.total() + files.held();
        }
    }

    /**
     * Tells whether the store has stopped because the disk was full.
     *
     * @return true if opening it again helps, once there is room
     */
    boolean isOutOfRoom() {
        return NoSpace.isCauseOf(failure);
    }

    /**
     * Tells whether a stopped store can go on: in its reserve, or in new space.
     *
     * @return true if there is room for a little more
     */
    boolean hasRoom() {
        return space.hasRoom(options);
    }

    /**
     * Applies settings that need no new store.
     *
     * @param changed with the same directory
     */
    public void configure(StoreOptions changed) {
        options = changed;
        space.look(changed);
    }

    private Limits enter() throws SpoolException {
        SpoolException reason = failure;
        if (reason != null || closed) {
            throw stopped(reason);
        }
        String shortage = space.shortage();
        if (shortage != null) {
            throw new SpoolException(Reason.STORE_FULL, shortage);
        }
        return options.limits();
    }

    private static SpoolException stopped(@Nullable SpoolException reason) {
        return reason == null
                ? new SpoolException(Reason.STORE_STOPPED, "the store is closed")
                : new SpoolException(Reason.STORE_STOPPED, String.valueOf(reason.getMessage()), reason);
    }

    private boolean gives() {
        return !closed && failure == null;
    }

    /** Why the journal has stopped, or null. */
    @Nullable
    SpoolException failure() {
        return failure;
    }

    /** What to answer once this store is closed, or null. */
    @Nullable
    SpoolException closed() {
        return closed ? stopped(null) : null;
    }

    /**
     * Looks after this store.
     *
     * @return always the same object
     */
    public StoreMaintenance maintenance() {
        return maintenance;
    }

    @Override
    public Draft begin(Envelope envelope) throws SpoolException {
        return intake.begin(envelope, enter());
    }

    @Override
    public String transport() {
        return options.transport();
    }

    @Override
    public Serving begin(Envelope envelope, OwnPart part) throws SpoolException {
        return coupling.begin(envelope, part, enter());
    }

    @Override
    public Draft revise(Claim claim) throws SpoolException {
        return intake.revise(claim, enter());
    }

    @Override
    public List<Claim> claim(int recipients, Instant now, Duration lease) {
        return gives() ? queue.claim(recipients, now, lease) : List.of();
    }

    @Override
    public Optional<Claim> claim(SpoolId id, Instant now, Duration lease) {
        return gives() ? queue.claim(id, now, lease) : Optional.empty();
    }

    @Override
    public CompletionStage<@Nullable Void> settle(Claim claim, Settlement settlement) {
        return gives() ? queue.settle(claim, settlement) : CompletableFuture.failedFuture(stopped(failure));
    }

    @Override
    public void release(Claim claim) {
        if (gives()) {
            queue.release(claim);
        }
    }

    @Override
    public int wake(QueueFilter filter) {
        return gives() ? browser.wake(filter) : 0;
    }

    @Override
    public Optional<Instant> nextDue() {
        return gives() ? queue.nextDue() : Optional.empty();
    }

    @Override
    public Optional<Message> find(SpoolId id) {
        return closed ? Optional.empty() : browser.find(id);
    }

    @Override
    public boolean note(SpoolId id, int recipient, Reply reply) throws SpoolException {
        return gives() && upkeep.note(id, recipient, reply);
    }

    @Override
    public List<MessageStatus> query(QueueFilter filter, @Nullable SpoolId after, int limit) {
        return closed ? List.of() : browser.query(filter, after, limit);
    }

    @Override
    public Folders folders() {
        return folders;
    }

    @Override
    public StoreStatus status() {
        SpoolException reason = failure;
        if (reason != null || closed) {
            return status(Condition.FAILED, String.valueOf(stopped(reason).getMessage()));
        }
        String shortage = space.shortage();
        return shortage != null ? status(Condition.FULL, shortage) : status(Condition.AVAILABLE, wellText());
    }

    private StoreStatus status(Condition condition, String text) {
        return new StoreStatus(condition, text, browser.messages(), browser.states());
    }

    private String wellText() {
        String text = "journal in " + directory;
        if (damages > 0) {
            text += "; " + damages + " damaged places were found at the start, copies are in quarantine/";
        }
        long lost = infirmary.lost() + browser.broken();
        if (lost > 0) {
            text += "; " + lost + " damaged messages were found since, see the log and quarantine/";
        }
        return text;
    }

    /** Ends within about 20 seconds: gives claims back, makes everything durable, lets the directory go. */
    @Override
    public void close() throws IOException {
        closed = true;
        boolean quiet = endCare();
        forcer.close();
        if (failure == null) {
            queue.releaseAll();
            try {
                journal.append(new Append(Replay.CLOSED, true, new byte[0], 0) {});
            } catch (SpoolException e) {
                LOG.debug("The journal stopped before the store", e);
            }
        }
        if (journal.close() && quiet) {
            checkpoints.end();
        }
        lockFile.close();
    }

    private boolean endCare() {
        carer.shutdown();
        try {
            return carer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
