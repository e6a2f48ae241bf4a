package io.spooler.store.file.folder;

import io.spooler.store.file.codec.Decoder;
import io.spooler.store.file.content.ContentUse;
import io.spooler.store.file.folder.FolderRecords.FiledRecord;
import io.spooler.store.file.journal.Journal.Found;

/** Reads the records of the folders for a check: whether they make sense, and which contents they need. Pure. */
public final class FolderAudit {

    private FolderAudit() {}

    /**
     * Reads one record.
     *
     * @param found valid during the call
     * @param use told what it says of contents
     * @return its kind as {@code FORMAT.md} names it, or empty if it is none of the folders'
     * @throws RuntimeException if it makes no sense
     */
    public static String read(Found found, ContentUse use) {
        switch (found.type()) {
            case FolderRecords.FILED -> {
                FiledRecord record = FolderRecords.filed(found);
                use.filed(record.entry().id(), record.content());
                return "FILED";
            }
            case FolderRecords.ENTRY -> {
                FiledRecord record = FolderRecords.filed(found);
                use.refiled(record.entry().id(), record.content());
                return "ENTRY";
            }
            case FolderRecords.REMOVED -> {
                use.removed(FolderRecords.removed(found));
                return "REMOVED";
            }
            case FolderRecords.NAMES -> {
                names(new Decoder(found.head().duplicate().rewind()));
                return "NAMES";
            }
            case FolderRecords.ORIGINS -> {
                FolderRecords.origins(found);
                return "ORIGINS";
            }
            case FolderRecords.FORGOTTEN -> {
                FolderRecords.forgotten(found);
                return "FORGOTTEN";
            }
            default -> {
                return "";
            }
        }
    }

    private static void names(Decoder in) {
        in.number();
        int count = in.count();
        for (int i = 0; i < count * 2; i++) {
            in.text();
        }
    }
}
