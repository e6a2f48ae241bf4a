package io.spooler.store.file.folder;

import io.spooler.store.file.checkpoint.Block;
import io.spooler.store.file.checkpoint.CheckpointWriter;
import io.spooler.store.file.codec.Encoder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The mailboxes in a checkpoint; written while they change, as {@code QueueSnapshot} is, and right for the same reason. */
public final class FolderSnapshot {

    private final Object lock;
    private final Iterable<Filed> table;
    private final Encoder folders = new Encoder();
    private final Map<Folder, Integer> numbers = new HashMap<>();
    private final List<FileOrigins.Kept> origins;

    private FolderSnapshot(FileFolders source) {
        this.lock = source.lock();
        this.table = source.table().snapshot();
        folders.number(source.given());
        source.tree().put(folders, numbers);
        origins = source.origins().all(kept -> true);
    }

    /**
     * Begins; taken after that of the queue, whose position counts for both.
     *
     * @param source which
     * @return to be written by one thread
     */
    public static FolderSnapshot of(FileFolders source) {
        synchronized (source.lock()) {
            return new FolderSnapshot(source);
        }
    }

    /**
     * Writes it.
     *
     * @param out takes it
     * @throws IOException if it cannot be written
     */
    public void write(CheckpointWriter out) throws IOException {
        out.write(Block.FOLDERS, folders);
        Iterator<Filed> all = table.iterator();
        while (all.hasNext()) {
            Encoder block = new Encoder();
            synchronized (lock) {
                while (all.hasNext() && block.size() < CheckpointWriter.GOOD_SIZE) {
                    put(block, all.next());
                }
            }
            out.write(Block.FILED, block);
        }
        writeOrigins(out);
    }

    private void writeOrigins(CheckpointWriter out) throws IOException {
        Encoder block = new Encoder();
        for (FileOrigins.Kept kept : origins) {
            kept.put(block);
            if (block.size() >= CheckpointWriter.GOOD_SIZE) {
                out.write(Block.ORIGINS, block);
                block = new Encoder();
            }
        }
        out.write(Block.ORIGINS, block);
    }

    /** A folder that is younger than the snapshot has no number: the record of the move into it follows. */
    private void put(Encoder out, Filed filed) {
        out.fixed(filed.high).fixed(filed.low).octet(filed.inFile ? 1 : 0).number(filed.sequence);
        out.number(filed.position).number(filed.size).number(filed.entry);
        out.number(numbers.getOrDefault(filed.folder, 0));
    }
}
