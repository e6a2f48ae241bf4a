package io.spooler.store.file.folder;

import io.spooler.Address;
import io.spooler.Mailboxes.Entry;
import io.spooler.SpoolId;
import io.spooler.store.file.codec.Decoder;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.codec.Values;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.journal.Journal.Found;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The heads of the folders' records; {@code FORMAT.md} draws them. */
final class FolderRecords {

    static final int FILED = 16;
    static final int ENTRY = 17;
    static final int REMOVED = 18;
    static final int NAMES = 19;

    private FolderRecords() {}

    /** An entry and its content. */
    record FiledRecord(Entry entry, ContentRef content) {}

    static Encoder filed(Entry entry, ContentRef content) {
        Encoder out = new Encoder().id(entry.id()).number(entry.sequence()).time(entry.received());
        out.text(entry.mailbox()).text(entry.folder()).text(entry.messageClass());
        Values.putSender(out, entry.sender());
        Values.putTexts(out, entry.flags());
        content.put(out);
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
                content);
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
}
