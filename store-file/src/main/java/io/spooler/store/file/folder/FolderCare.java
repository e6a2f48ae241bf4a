package io.spooler.store.file.folder;

import io.spooler.Mailboxes.Entry;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.content.DamagedContentException;
import io.spooler.store.file.content.Quarantine;
import io.spooler.store.file.folder.FolderRecords.FiledRecord;
import io.spooler.store.file.journal.Append;
import io.spooler.store.file.journal.AwaitedAppend;
import io.spooler.store.file.journal.DamagedRecordException;
import io.spooler.store.file.journal.Position;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies filed messages out of old segments, and puts those that cannot be read into the quarantine. One thread at a
 * time.
 */
public final class FolderCare {

    private static final Logger LOG = LoggerFactory.getLogger(FolderCare.class);
    private static final byte[] NOTHING = {};
    private static final long GOOD_SIZE = 128 * 1024;

    private final FileFolders folders;
    private final Quarantine quarantine;

    /**
     * Looks after folders.
     *
     * @param folders which
     * @param quarantine takes what is damaged
     */
    public FolderCare(FileFolders folders, Quarantine quarantine) {
        this.folders = folders;
        this.quarantine = quarantine;
    }

    /**
     * Copies what lives in a segment to the end of the journal, with the names and
     * origins, which no message may remember any more.
     *
     * @param segment its number; no record in it is on its way any more
     * @return false if something cannot be read at present: the segment must stay
     * @throws SpoolException STORE_STOPPED
     */
    public boolean copyOut(long segment) throws SpoolException {
        Iterable<Filed> all;
        synchronized (folders.lock()) {
            all = folders.table().snapshot();
            names();
            folders.origins().copyOut(segment);
        }
        List<Filed> living = new java.util.ArrayList<>();
        for (Filed filed : all) {
            if (Position.segment(filed.position) == segment) {
                living.add(filed);
            }
        }
        boolean done = true;
        int from = 0;
        long octets = 0;
        for (int i = 0; i < living.size(); i++) {
            octets += living.get(i).size;
            if (octets > GOOD_SIZE || i + 1 == living.size()) {
                done &= copy(living.subList(from, i + 1));
                from = i + 1;
                octets = 0;
            }
        }
        return done;
    }

    private void names() throws SpoolException {
        List<String[]> pairs = folders.tree().pairs();
        if (!pairs.isEmpty()) {
            Encoder head = FolderRecords.names(folders.given(), pairs);
            folders.journal().append(new Append(FolderRecords.NAMES, false, head.octets(), head.size()) {});
        }
    }

    /** Nobody changes what is filed meanwhile, so that no change is overtaken; one force for all of them. */
    private boolean copy(List<Filed> bundle) throws SpoolException {
        synchronized (folders.changing()) {
            boolean all = true;
            Copying last = null;
            for (Filed filed : bundle) {
                try {
                    Copying copying = copying(filed);
                    last = copying == null ? last : copying;
                } catch (IOException e) {
                    LOG.error("The filed message {} cannot be read at present", filed.id(), e);
                    all = false;
                }
            }
            if (last != null) {
                last.await();
            }
            return all;
        }
    }

    private @Nullable Copying copying(Filed filed) throws IOException, SpoolException {
        synchronized (folders.lock()) {
            if (folders.table().get(filed.id()) != filed) {
                return null; // Removed meanwhile.
            }
        }
        try {
            Copying copying = new Copying(record(filed));
            folders.journal().awaitRoom();
            folders.journal().append(copying);
            return copying;
        } catch (DamagedRecordException | DamagedContentException | RuntimeException e) {
            LOG.error("The filed message {} is damaged", filed.id(), e);
            lose(filed);
            return null;
        }
    }

    /** Of a damaged change of its flags or folder only the change is lost. Nobody else changes these fields meanwhile. */
    private FiledRecord record(Filed filed) throws IOException {
        try {
            return folders.record(filed.entry);
        } catch (DamagedRecordException | RuntimeException e) {
            LOG.error("The last change of the filed message {} is damaged", filed.id(), e);
            return folders.record(filed.position);
        }
    }

    /** It is kept in the quarantine before it is gone from its folder. */
    private void lose(Filed filed) throws IOException, SpoolException {
        quarantine.keep(filed.id(), folders.journal().raw(filed.position, filed.size), Set.of(filed.id()));
        folders.remove(filed.id());
        LOG.error("The filed message {} is damaged; what is left of it is in quarantine/", filed.id());
    }

    /** A filed message on its way to another segment. */
    private final class Copying extends AwaitedAppend {

        private final SpoolId id;

        Copying(FiledRecord record) throws IOException {
            this(record.entry(), record.content(), body(record.content()));
        }

        private Copying(Entry entry, ContentRef content, byte[] body) {
            this(
                    entry.id(),
                    FolderRecords.filed(
                            entry, body.length > 0 ? ContentRef.here(0, body.length, content.crc()) : content),
                    body);
        }

        private Copying(SpoolId id, Encoder head, byte[] body) {
            super(FolderRecords.FILED, true, head.octets(), head.size(), body, crc(body));
            this.id = id;
        }

        @Override
        protected void recorded() {
            Filed filed = folders.table().get(id);
            if (filed != null) {
                folders.usage().remove(filed.position, filed.size);
                filed.position = position();
                filed.entry = position();
                filed.size = size();
                folders.usage().add(position(), size());
            }
        }
    }

    private byte[] body(ContentRef content) throws IOException {
        byte[] body = content.isInJournal() ? new byte[(int) content.size()] : NOTHING;
        if (body.length > 0) {
            folders.reader().readInto(content, body, 0);
        }
        return body;
    }

    private static int crc(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return (int) crc.getValue();
    }
}
