package io.spooler.store.file.folder;

import io.spooler.SpoolId;
import io.spooler.store.file.checkpoint.Block;
import io.spooler.store.file.codec.Decoder;
import io.spooler.store.file.content.ContentFiles;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.folder.FolderRecords.FiledRecord;
import io.spooler.store.file.index.IdTable;
import io.spooler.store.file.index.Usage;
import io.spooler.store.file.journal.Journal;
import io.spooler.store.file.journal.Journal.Found;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rebuilds the folders from their records, in order. One thread, before the store opens. */
public final class FolderReplay {

    private static final Logger LOG = LoggerFactory.getLogger(FolderReplay.class);

    final FolderTree tree = new FolderTree();
    final IdTable<Filed> table = new IdTable<>();
    final Usage usage;
    final FileOrigins.Table origins = new FileOrigins.Table();
    private final Map<SpoolId, ContentRef> files = new HashMap<>();
    private SpoolId last = new SpoolId(0, 0);
    private final List<Folder> restored = new ArrayList<>();
    private long sequence;
    private boolean doubtful;

    /**
     * Begins.
     *
     * @param usage counts what is needed
     */
    public FolderReplay(Usage usage) {
        this.usage = usage;
    }

    /**
     * A block of a checkpoint, before any record.
     *
     * @param kind of the block
     * @param in its values
     */
    public void restore(int kind, Decoder in) {
        if (kind == Block.FOLDERS) {
            sequence = in.number();
            while (in.hasMore()) {
                restored.add(tree.get(in));
            }
        } else if (kind == Block.FILED) {
            while (in.hasMore()) {
                restore(in);
            }
        } else if (kind == Block.ORIGINS) {
            while (in.hasMore()) {
                origins.put(FileOrigins.Kept.get(in));
            }
        }
    }

    private void restore(Decoder in) {
        SpoolId id = in.id();
        boolean inFile = in.octet() != 0;
        long number = in.number();
        long position = in.number();
        int size = (int) in.number();
        long entry = in.number();
        Filed filed = new Filed(id, number, restored.get((int) in.number()));
        filed.position = position;
        filed.size = size;
        filed.entry = entry;
        filed.inFile = inFile;
        add(filed);
    }

    private void add(Filed filed) {
        table.put(filed);
        filed.folder.add(filed);
        usage.add(filed.position, filed.size);
        last = filed.isAfter(last) ? filed.id() : last;
        sequence = Math.max(sequence, filed.sequence);
    }

    /**
     * Says whether a record is that of a message that was filed, with its content.
     *
     * @param found a record of the folders
     * @return false for changes
     */
    public static boolean isFiled(Found found) {
        return found.type() == FolderRecords.FILED;
    }

    /**
     * One record.
     *
     * @param found valid during the call
     * @param position where it stands
     * @return false if it is none of the folders'
     */
    public boolean record(Found found, long position) {
        switch (found.type()) {
            case FolderRecords.FILED -> filed(found, position);
            case FolderRecords.ENTRY -> entry(found, position);
            case FolderRecords.REMOVED -> removed(FolderRecords.removed(found));
            case FolderRecords.NAMES -> names(found);
            case FolderRecords.ORIGINS -> origins(found, position);
            case FolderRecords.FORGOTTEN -> forgotten(found);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void filed(Found found, long position) {
        FiledRecord record = FolderRecords.filed(found);
        SpoolId id = record.entry().id();
        removed(id); // Copied to another segment: the later one counts.
        Folder folder = tree.folder(record.entry().mailbox(), record.entry().folder());
        tree.show(record.entry().mailbox());
        Filed filed = new Filed(id, record.entry().sequence(), folder);
        filed.position = position;
        filed.size = found.size();
        filed.entry = position;
        filed.inFile = record.content().file() != null;
        add(filed);
        if (filed.inFile) {
            files.put(id, record.content());
        }
        if (record.origin() != null) {
            origins.put(new FileOrigins.Kept(record.origin(), position));
        }
    }

    private void origins(Found found, long position) {
        FolderRecords.origins(found).forEach(origin -> origins.put(new FileOrigins.Kept(origin, position)));
    }

    private void forgotten(Found found) {
        FolderRecords.Forgotten ids = FolderRecords.forgotten(found);
        origins.remove(ids.source(), ids.ids());
    }

    private void entry(Found found, long position) {
        FiledRecord record = FolderRecords.filed(found);
        Filed filed = table.get(record.entry().id());
        if (filed == null) {
            return; // Its content is gone, damaged perhaps, and that was reported.
        }
        filed.entry = position;
        Folder folder = tree.folder(record.entry().mailbox(), record.entry().folder());
        if (filed.folder != folder) {
            filed.folder.remove(filed);
            filed.folder = folder;
            folder.add(filed);
        }
    }

    private void removed(SpoolId id) {
        Filed filed = table.get(id);
        if (filed != null) {
            filed.folder.remove(filed);
            table.remove(filed);
            usage.remove(filed.position, filed.size);
            files.remove(id);
        }
    }

    private void names(Found found) {
        Decoder in = new Decoder(found.head().duplicate().rewind());
        sequence = Math.max(sequence, in.number());
        int count = in.count();
        for (int i = 0; i < count; i++) {
            String mailbox = in.text();
            tree.folder(mailbox, in.text());
            tree.show(mailbox);
        }
    }

    /**
     * The largest id that was seen.
     *
     * @return new ones must be larger
     */
    public SpoolId last() {
        return last;
    }

    long sequence() {
        return sequence;
    }

    /**
     * Ends the replay: everything that only a second look can tell.
     *
     * @param journal readable
     */
    public void finish(Journal journal) {
        List<Filed> gone = new ArrayList<>();
        table.forEach(filed -> {
            if (!journal.holds(filed.position)) {
                gone.add(filed);
            } else if (filed.inFile && !files.containsKey(filed.id())) {
                lookForFile(journal, filed);
            }
        });
        for (Filed filed : gone) {
            // As in the queue: given back since the checkpoint, unless a segment is missing.
            if (journal.misses(filed.position)) {
                LOG.error("The filed message {} is lost with a segment of the journal that is missing", filed.id());
            }
            removed(filed.id());
        }
        tree.all().fill(table.snapshot());
    }

    private void lookForFile(Journal journal, Filed filed) {
        try {
            files.put(
                    filed.id(),
                    FolderRecords.filed(journal.read(filed.position)).content());
        } catch (IOException | RuntimeException e) {
            doubtful = true;
            LOG.error("The filed message {} cannot be read", filed.id(), e);
        }
    }

    /**
     * Says whether files may be needed that no record speaks of any more.
     *
     * @return true if a record that named a file cannot be read; after {@link #finish}
     */
    public boolean isDoubtful() {
        return doubtful;
    }

    /**
     * Files that filed messages refer to.
     *
     * @param contents must hold them
     * @return their names and octets
     */
    public Map<SpoolId, Long> files(ContentFiles contents) {
        Map<SpoolId, Long> names = new HashMap<>();
        files.forEach((id, ref) -> {
            if (!contents.isThere(ref)) {
                LOG.error("The content of the filed message {} is missing or cut", id);
            }
            if (ref.file() != null) {
                names.put(ref.file(), ref.size());
            }
        });
        return names;
    }
}
