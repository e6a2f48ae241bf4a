package io.spooler.store.file;

import io.spooler.Content;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Message;
import io.spooler.store.StoreCheck;
import io.spooler.store.StoreMaintenance;
import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Segment;
import io.spooler.store.file.maintain.Check;
import io.spooler.store.file.maintain.Present;
import io.spooler.store.file.maintain.QuarantineView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Looks after a store that is open. Any thread, but one check or compaction at a time. Segments stay where they are
 * while a check reads them: space is given back after it.
 */
final class FileMaintenance implements StoreMaintenance {

    private final FileStore store;
    private final Disk disk;
    private final Path directory;
    private final Journal journal;
    private final Care care;
    private final Present present;
    private final QuarantineView quarantine;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** What is checked and compacted; may throw. */
    @FunctionalInterface
    private interface Work<T, E extends Exception> {
        T run() throws E, SpoolException;
    }

    FileMaintenance(FileStore store, Disk disk, Path directory, Journal journal, Care care, Present present) {
        this.store = store;
        this.disk = disk;
        this.directory = directory;
        this.journal = journal;
        this.care = care;
        this.present = present;
        this.quarantine = new QuarantineView(directory.resolve("quarantine"));
    }

    private <T, E extends Exception> T alone(Work<T, E> work) throws E, SpoolException {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "a check or a compaction of this store is running already; try again later");
        }
        try {
            return work.run();
        } finally {
            busy.set(false);
        }
    }

    private void checkOpen() throws SpoolException {
        SpoolException closed = store.closed();
        if (closed != null) {
            throw closed;
        }
    }

    @Override
    public StoreCheck check(Consumer<String> progress) throws SpoolException {
        checkOpen();
        return alone(() -> care.pausing(() -> look(progress)));
    }

    private StoreCheck look(Consumer<String> progress) throws SpoolException {
        SpoolException failure = store.failure();
        try {
            return new Check(disk, directory, journal.writtenUpTo(), present, text -> {
                        if (store.closed() != null) {
                            throw new CancellationException();
                        }
                        progress.accept(text);
                    })
                    .run(failure == null ? null : String.valueOf(failure.getMessage()));
        } catch (CancellationException e) {
            checkOpen();
            throw e;
        }
    }

    @Override
    public Compaction compact(Consumer<String> progress) throws SpoolException, IOException {
        checkOpen();
        return alone(() -> {
            long before = octets();
            Care.Compacted done = care.compact(progress);
            return new Compaction(done.segments(), before, octets(), done.text());
        });
    }

    private long octets() throws IOException {
        long octets = 0;
        for (Path path : disk.list(directory.resolve("journal"))) {
            octets += Segment.isSegment(path) ? octets(path) : 0;
        }
        return octets;
    }

    private long octets(Path path) throws IOException {
        try (Disk.Handle file = disk.open(path)) {
            return file.size();
        }
    }

    @Override
    public Optional<Content> content(SpoolId id) throws SpoolException {
        checkOpen();
        Optional<Message> queued = store.find(id).filter(message -> !message.complete());
        return queued.isPresent()
                ? queued.map(Message::content)
                : store.folders().content(id);
    }

    @Override
    public List<Quarantined> quarantine() throws IOException {
        return quarantine.list();
    }

    @Override
    public Optional<Content> quarantined(String name) throws IOException {
        return quarantine.content(name);
    }

    @Override
    public boolean drop(String name) throws IOException {
        return quarantine.drop(name);
    }

    /**
     * What a running store knows.
     *
     * @param opened ids of later drafts carry this time or a later one; older files were swept when it opened
     * @param queue says whether a message in the queue needs a file
     * @param folders says whether a message is in a mailbox
     */
    record Running(Instant opened, Needs queue, Needs folders) implements Present {

        /** Whether a message needs a file. */
        @FunctionalInterface
        interface Needs {
            boolean test(SpoolId message, SpoolId file);
        }

        @Override
        public boolean needs(SpoolId message, SpoolId file) {
            return queue.test(message, file) || folders.test(message, file);
        }

        @Override
        public boolean mayWrite(SpoolId file) {
            return !file.time().isBefore(opened.truncatedTo(ChronoUnit.MILLIS));
        }
    }
}
