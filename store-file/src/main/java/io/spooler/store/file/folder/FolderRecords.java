package io.spooler.store.file.folder;

import io.spooler.Address;
import io.spooler.Mailboxes.Entry;
import io.spooler.Origins.Origin;
import io.spooler.SpoolId;
import io.spooler.store.file.codec.Decoder;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.codec.Values;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.journal.Journal.Found;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The heads of the folders' records; {@code FORMAT.md} draws them. */
final class FolderRecords {

    static final int FILED = 16;
    static final int ENTRY = 17;
    static final int REMOVED = 18;
    static final int NAMES = 19;
    static final int ORIGINS = 20;
    static final int FORGOTTEN = 21;

    private FolderRecords() {}

    /** An entry and its content, and where it came from, if this record is to say so. */
    record FiledRecord(
            Entry entry, ContentRef content, @Nullable Origin origin) {}

    static Encoder filed(Entry entry, ContentRef content) {
        return filed(entry, content, null);
    }

    static Encoder filed(Entry entry, ContentRef content, @Nullable Origin origin) {
        Encoder out = new Encoder().id(entry.id()).number(entry.sequence()).time(entry.received());
        out.text(entry.mailbox()).text(entry.folder()).text(entry.messageClass());
        Values.putSender(out, entry.sender());
        Values.putTexts(out, entry.flags());
        content.put(out);
        if (origin != null) {
            FileOrigins.put(out, origin);
        }
        return out;
    }

    static FiledRecord filed(Found found) {
        Decoder in = new Decoder(found.head().duplicate().rewind());
        SpoolId id = in.id();
        long sequence = in.number();
        Instant received = in.time();
        String mailbox = in.text();
        String folder = in.text();
        String messageClass = in.text();
        Address sender = Values.getSender(in);
        Set<String> flags = Set.copyOf(Values.getTexts(in));
        ContentRef content = ContentRef.get(in, found.bodyPosition());
        return new FiledRecord(
                new Entry(id, mailbox, folder, messageClass, sender, received, content.size(), flags, sequence),
                content,
                in.hasMore() ? FileOrigins.get(in) : null);
    }

    static Encoder removed(SpoolId id) {
        return new Encoder().id(id);
    }

    static SpoolId removed(Found found) {
        return new Decoder(found.head().duplicate().rewind()).id();
    }

    static Encoder names(long sequence, List<String[]> pairs) {
        Encoder out = new Encoder().number(sequence).number(pairs.size());
        pairs.forEach(pair -> out.text(pair[0]).text(pair[1]));
        return out;
    }

    static Encoder origins(List<Origin> origins) {
        Encoder out = new Encoder().number(origins.size());
        origins.forEach(origin -> FileOrigins.put(out, origin));
        return out;
    }

    static List<Origin> origins(Found found) {
        Decoder in = new Decoder(found.head().duplicate().rewind());
        List<Origin> origins = new ArrayList<>();
        int count = in.count();
        for (int i = 0; i < count; i++) {
            origins.add(FileOrigins.get(in));
        }
        return origins;
    }

    /** What is remembered no longer. */
    record Forgotten(String source, List<String> ids) {}

    static Encoder forgotten(Forgotten forgotten) {
        Encoder out = new Encoder().text(forgotten.source());
        Values.putTexts(out, forgotten.ids());
        return out;
    }

    static Forgotten forgotten(Found found) {
        Decoder in = new Decoder(found.head().duplicate().rewind());
        return new Forgotten(in.text(), Values.getTexts(in));
    }
}
