package io.spooler.store.file.maintain;

import io.spooler.store.StoreCheck;
import io.spooler.store.file.folder.FolderAudit;
import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.journal.Finds;
import io.spooler.store.file.journal.Journal.Found;
import io.spooler.store.file.journal.Recovery;
import io.spooler.store.file.journal.Segment;
import io.spooler.store.file.maintain.Holder.Place;
import io.spooler.store.file.queue.QueueAudit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole store as a start would, compares every sum, and changes nothing: no file is written, moved or removed.
 * Needs about 65 octets of heap a message, more for one whose content has a file of its own. Used once, one thread.
 *
 * <p>Known limits: of the two headers of a segment only the first readable one is looked at; the checkpoint is not, as
 * it is never the truth.
 */
public final class Check {

    private static final List<String> KINDS = List.of(
            "MESSAGE", "STATE", "DELTA", "BEGUN", "RELEASE", "LOST", "FILED", "ENTRY", "REMOVED", "NAMES", "BARRIER",
            "CLOSED");
    private static final int BARRIER = 30;
    private static final int CLOSED = 31;

    private final Disk disk;
    private final Path directory;
    private final long limit;
    private final Present present;
    private final Consumer<String> progress;
    private final Problems problems = new Problems();
    private final Sums sums;
    private final Inventory inventory;
    private final Map<String, Long> records = new LinkedHashMap<>();
    private long segments;
    private long octets;

    /**
     * Prepares.
     *
     * @param disk where
     * @param directory of the store
     * @param limit position in the journal behind the last record that is written
     * @param present knows what happens meanwhile
     * @param progress told how far it is
     */
    public Check(Disk disk, Path directory, long limit, Present present, Consumer<String> progress) {
        this.disk = disk;
        this.directory = directory;
        this.limit = limit;
        this.present = present;
        this.progress = progress;
        this.sums = new Sums(disk, directory.resolve("content"));
        this.inventory = new Inventory(sums);
        KINDS.forEach(kind -> records.put(kind, 0L));
    }

    /**
     * Reads everything.
     *
     * @param failure why the store is not running, or null if it is
     * @return what was found
     */
    public StoreCheck run(@Nullable String failure) {
        if (failure != null) {
            problems.add("the store", failure);
        }
        Contents contents = new Contents(disk, directory.resolve("content"), sums, present, problems, progress);
        try (sums) {
            Path journal = directory.resolve("journal");
            long all = disk.list(journal).stream().filter(Segment::isSegment).count();
            Recovery reading = new Recovery(disk, journal, new Telling(), limit);
            reading.open();
            reading.run(new Audit(all), null).segments().forEach(segment -> octets += segment.size());
            contents.look(inventory);
        } catch (IOException e) {
            problems.add(directory.toString(), "cannot be read any further: " + e);
        }
        return new StoreCheck(
                segments,
                octets,
                records,
                inventory.count(Place.QUEUE),
                inventory.count(Place.FINISHED),
                inventory.count(Place.MAILBOX),
                contents.result(),
                problems.first(),
                problems.more());
    }

    /** Reads the records. */
    private final class Audit implements Recovery.Replay {

        private final long all;

        Audit(long all) {
            this.all = all;
        }

        @Override
        public void segment(Segment segment) {
            sums.add(segment);
            segments++;
            progress.accept("journal segment " + segments + " of " + all);
        }

        @Override
        public void run() {
            // Crashes are no damage.
        }

        @Override
        public boolean record(Found found, long position) {
            try {
                String kind = kind(found);
                if (!kind.isEmpty()) {
                    records.merge(kind, 1L, Long::sum);
                }
                return !kind.isEmpty();
            } catch (RuntimeException e) {
                return false; // Makes no sense: damage, as at a start.
            }
        }

        private String kind(Found found) {
            if (found.type() == BARRIER || found.type() == CLOSED) {
                return found.type() == BARRIER ? "BARRIER" : "CLOSED";
            }
            inventory.present(found);
            String kind = QueueAudit.read(found, inventory);
            return kind.isEmpty() ? FolderAudit.read(found, inventory) : kind;
        }
    }

    /** Says what a start would keep in the quarantine. */
    private final class Telling implements Finds {

        @Override
        public void damaged(Segment segment, long from, long to) {
            problems.add(
                    "journal/" + segment.path().getFileName(),
                    "damaged from " + from + " to " + to + ": what these octets held is lost");
        }

        @Override
        public void nameless(Path path, boolean empty) {
            if (!empty) {
                problems.add("journal/" + path.getFileName(), "has no readable header: what it held is lost");
            }
        }

        @Override
        public void missing(long first, long last) {
            problems.add("journal", "segments " + first + " to " + last + " are missing");
        }
    }
}
