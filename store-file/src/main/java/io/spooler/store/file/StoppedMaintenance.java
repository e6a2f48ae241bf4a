package io.spooler.store.file;

import io.spooler.Content;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.store.StoreCheck;
import io.spooler.store.StoreMaintenance;
import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.maintain.Check;
import io.spooler.store.file.maintain.Present;
import io.spooler.store.file.maintain.QuarantineView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks after a directory in which no store could be opened.
 *
 * @param reason why; names the thing and the cure
 * @param disk where
 * @param directory of the store, or null if it is not known
 * @param inUse true if another instance has it: then its journal is not read
 */
record StoppedMaintenance(
        String reason, Disk disk, @Nullable Path directory, boolean inUse) implements StoreMaintenance {

    private SpoolException stopped() {
        return new SpoolException(Reason.STORE_STOPPED, reason);
    }

    @Override
    public StoreCheck check(Consumer<String> progress) {
        if (directory == null || inUse) {
            return new StoreCheck(
                    0,
                    0,
                    Map.of(),
                    0,
                    0,
                    0,
                    new StoreCheck.Contents(0, 0, 0, 0, 0, 0),
                    List.of(new StoreCheck.Problem("the store", reason)),
                    0);
        }
        return new Check(disk, directory, Long.MAX_VALUE, Present.NOTHING, progress).run(reason);
    }

    @Override
    public Compaction compact(Consumer<String> progress) throws SpoolException {
        throw stopped();
    }

    @Override
    public Optional<Content> content(SpoolId id) throws SpoolException {
        throw stopped();
    }

    private Optional<QuarantineView> there() {
        return Optional.ofNullable(directory).map(there -> new QuarantineView(there.resolve("quarantine")));
    }

    @Override
    public List<Quarantined> quarantine() throws IOException {
        return there().isPresent() ? there().get().list() : List.of();
    }

    @Override
    public Optional<Content> quarantined(String name) throws IOException {
        return there().isPresent() ? there().get().content(name) : Optional.empty();
    }

    @Override
    public boolean drop(String name) throws IOException {
        return there().isPresent() && there().get().drop(name);
    }
}
