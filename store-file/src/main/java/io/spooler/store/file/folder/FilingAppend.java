package io.spooler.store.file.folder;

import io.spooler.Mailboxes.Entry;
import io.spooler.Origins.Origin;
import io.spooler.SpoolException;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.content.ContentWriter;
import io.spooler.store.file.journal.Append;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A message on its way into a folder. */
final class FilingAppend extends Append {

    private final FileFolders folders;
    private final Entry entry;
    private final Folder folder;
    private final ContentRef content;
    private final @Nullable Origin origin;
    private final CompletableFuture<Entry> stage;

    /** Made under the lock of the store. */
    FilingAppend(
            FileFolders folders,
            Entry entry,
            @Nullable Origin origin,
            ContentWriter writer,
            CompletableFuture<Entry> stage) {
        this(folders, entry, origin, FolderRecords.filed(entry, writer.ref(), origin), writer, stage);
    }

    private FilingAppend(
            FileFolders folders,
            Entry entry,
            @Nullable Origin origin,
            Encoder head,
            ContentWriter writer,
            CompletableFuture<Entry> stage) {
        super(
                FolderRecords.FILED,
                true,
                head.octets(),
                head.size(),
                writer.body(),
                writer.bodySize(),
                writer.bodyCrc());
        this.folders = folders;
        this.entry = entry;
        this.folder = folders.tree().folder(entry.mailbox(), entry.folder());
        this.content = writer.ref();
        this.origin = origin;
        this.stage = stage;
    }

    @Override
    protected void recorded() {
        Filed filed = new Filed(entry.id(), entry.sequence(), folder);
        filed.position = position();
        filed.entry = position();
        filed.size = size();
        filed.inFile = content.file() != null;
        folders.replace(entry.id()); // Two that came under one id: as at a start, the later one counts.
        folders.usage().add(position(), size());
        folders.table().put(filed);
        folder.add(filed);
        folders.tree().all().add(filed);
        folders.tree().show(entry.mailbox());
        folders.origins().filed(origin, position());
    }

    @Override
    protected void done() {
        stage.complete(entry);
    }

    @Override
    protected void failed(SpoolException reason) {
        stage.completeExceptionally(reason);
    }
}
