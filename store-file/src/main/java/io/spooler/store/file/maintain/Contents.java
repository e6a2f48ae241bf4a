package io.spooler.store.file.maintain;

import io.spooler.SpoolId;
import io.spooler.store.StoreCheck;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.index.IdTable;
import io.spooler.store.file.index.Slot;
import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.journal.Position;
import io.spooler.store.file.maintain.Holder.Place;
import io.spooler.store.file.maintain.Sums.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks at the contents that messages need, and for files that no message needs. Used once, one thread. */
final class Contents {

    private final Disk disk;
    private final Path directory;
    private final Sums sums;
    private final Present present;
    private final Problems problems;
    private final Consumer<String> progress;
    private final IdTable<Name> needed = new IdTable<>();
    private long read;
    private long octets;
    private long missing;
    private long cut;
    private long wrong;
    private long orphaned;

    /** Name of a file. */
    private static final class Name extends Slot {
        Name(SpoolId id) {
            super(id);
        }
    }

    Contents(Disk disk, Path directory, Sums sums, Present present, Problems problems, Consumer<String> progress) {
        this.disk = disk;
        this.directory = directory;
        this.sums = sums;
        this.present = present;
        this.problems = problems;
        this.progress = progress;
    }

    /** After the whole journal was read. */
    void look(Inventory inventory) throws IOException {
        inventory.forEach(holder -> {
            if (holder.place != Place.FINISHED) {
                look(holder, holder.octets, holder.rest);
                look(holder, holder.revisedOctets, holder.revisedRest);
            }
        });
        for (Path path : disk.list(directory)) {
            orphaned += isOrphan(path.getFileName().toString()) ? 1 : 0;
        }
    }

    private void look(Holder holder, long right, @Nullable ContentRef rest) {
        if (rest == null) {
            read += right > 0 ? 1 : 0;
            octets += right;
            return;
        }
        SpoolId file = rest.file();
        if (file != null) {
            needed.put(new Name(file));
        }
        progress.accept("content of message " + holder.id());
        Verdict verdict = sums.of(rest);
        if (verdict == Verdict.RIGHT) {
            read++;
            octets += rest.size();
        } else if (file == null || present.needs(holder.id(), file)) {
            tell(holder, rest, verdict);
        }
    }

    private void tell(Holder holder, ContentRef ref, Verdict verdict) {
        SpoolId file = ref.file();
        String content = "its content, " + (file == null ? Position.text(ref.position()) : "content/" + file) + ", ";
        switch (verdict) {
            case MISSING -> missing++;
            case CUT -> cut++;
            default -> wrong++;
        }
        problems.add(
                "message " + holder.id(),
                content
                        + switch (verdict) {
                            case MISSING -> "is missing";
                            case CUT -> "is cut, or cannot be read";
                            default -> "is not what was written";
                        });
    }

    private boolean isOrphan(String name) {
        try {
            SpoolId id = SpoolId.parse(name);
            return needed.get(id) == null && !present.mayWrite(id);
        } catch (IllegalArgumentException e) {
            return false; // Not ours.
        }
    }

    StoreCheck.Contents result() {
        return new StoreCheck.Contents(read, octets, missing, cut, wrong, orphaned);
    }
}
