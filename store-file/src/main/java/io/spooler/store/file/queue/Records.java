package io.spooler.store.file.queue;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.store.file.codec.Decoder;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.codec.Values;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.journal.Journal.Found;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The heads of the queue's records; {@code FORMAT.md} draws them. Each begins with the id of its message. */
final class Records {

    static final int MESSAGE = 1;
    static final int STATE = 2;
    static final int DELTA = 3;
    static final int BEGUN = 4;
    static final int RELEASE = 5;
    static final int LOST = 6;

    /** Of a STATE or DELTA: the claim ends with it. */
    static final int ENDS = 1;

    /** Of a STATE or DELTA: earlier crashes do not count any more. */
    static final int FORGETS = 2;

    private static final int PREPARED = 1;
    private static final int REVISED = 2;
    private static final int OWN_RECIPIENTS = 4;
    private static final int FINISHED = 8;
    private static final int IN_WORK = 16;
    private static final int LEDGER = 32;
    private static final int SIZE = 64;
    private static final int COPIES = 128;

    private static final Recipient UNKNOWN = Recipient.of(new Address("UNKNOWN", "unknown"));

    private Records() {}

    /** A message as it was accepted: its ledger follows from its envelope. */
    static Encoder accepted(Stored stored) {
        return front(stored, 0, 0);
    }

    /** A message with all that has happened to it. */
    static Encoder message(Stored stored, int crashes, boolean inWork) {
        return whole(stored, inWork ? IN_WORK : 0, crashes);
    }

    private static Encoder whole(Stored stored, int flags, int crashes) {
        Instant finished = stored.finished();
        Encoder out = front(stored, flags | LEDGER | (finished != null ? FINISHED | SIZE : 0), crashes);
        putState(out, stored);
        return finished == null ? out : out.time(finished).number(stored.size());
    }

    /** A message of which a part was served: so many copies stand in front of it, or it does not count. */
    static Encoder served(Stored stored, int copies) {
        return whole(stored, COPIES, 0).number(copies);
    }

    private static Encoder front(Stored stored, int flags, int crashes) {
        Encoder out = new Encoder().id(stored.id()).octet(flags).number(crashes).time(stored.submitted());
        Values.putEnvelope(out, stored.envelope());
        stored.accepted().put(out);
        return out;
    }

    private static boolean hasOwnRecipients(Stored stored) {
        List<Recipient> accepted = stored.envelope().recipients();
        List<RecipientStatus> present = stored.recipients();
        if (accepted.size() != present.size()) {
            return true;
        }
        for (int i = 0; i < accepted.size(); i++) {
            Recipient recipient = present.get(i).recipient();
            if (!recipient.equals(accepted.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static void putState(Encoder out, Stored stored) {
        boolean own = hasOwnRecipients(stored);
        ContentRef revised = stored.revised();
        out.octet((stored.prepared() ? PREPARED : 0) | (revised != null ? REVISED : 0) | (own ? OWN_RECIPIENTS : 0));
        if (revised != null) {
            revised.put(out);
        }
        if (stored.prepared()) {
            out.text(stored.prefix());
            Values.putTexts(out, stored.hooks());
        }
        out.number(stored.recipients().size());
        for (RecipientStatus status : stored.recipients()) {
            if (own) {
                Values.putRecipient(out, status.recipient());
            }
            Values.putStatus(out, status);
        }
    }

    private static State getState(Decoder in, @Nullable List<Recipient> recipients, long body) {
        int flags = in.octet();
        ContentRef revised = (flags & REVISED) != 0 ? ContentRef.get(in, body) : null;
        boolean prepared = (flags & PREPARED) != 0;
        String prefix = prepared ? in.text() : "";
        List<String> hooks = prepared ? Values.getTexts(in) : List.of();
        int count = in.count();
        List<RecipientStatus> ledger = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Recipient recipient = (flags & OWN_RECIPIENTS) != 0
                    ? Values.getRecipient(in)
                    : recipients == null ? UNKNOWN : recipients.get(i);
            ledger.add(Values.getStatus(in, recipient));
        }
        return new State(revised, prefix, prepared, hooks, ledger);
    }

    /** A MESSAGE record, with the number of copies in front of it. */
    record MessageRecord(Stored stored, int crashes, boolean inWork, int copies) {}

    static MessageRecord message(Found found) {
        Decoder in = decoder(found);
        SpoolId id = in.id();
        int flags = in.octet();
        int crashes = (int) in.number();
        Instant submitted = in.time();
        Envelope envelope = Values.getEnvelope(in);
        ContentRef accepted = ContentRef.get(in, found.bodyPosition());
        Stored stored = Stored.fresh(id, envelope, submitted, accepted);
        if ((flags & LEDGER) != 0) {
            stored = stored.with(getState(in, envelope.recipients(), found.bodyPosition()));
        }
        if ((flags & FINISHED) != 0) {
            Instant finished = in.time();
            stored = stored.finished(finished, (flags & SIZE) != 0 ? in.number() : 0);
        }
        int copies = (flags & COPIES) != 0 ? (int) in.number() : 0;
        return new MessageRecord(stored, crashes, (flags & IN_WORK) != 0, copies);
    }

    private static Decoder decoder(Found found) {
        return new Decoder(found.head().duplicate().rewind());
    }

    static SpoolId id(Found found) {
        return decoder(found).id();
    }

    static Encoder state(Stored stored, int end) {
        Encoder out = new Encoder().id(stored.id()).octet(end);
        putState(out, stored);
        return out;
    }

    static Encoder delta(Stored stored, BitSet changed, long previous, int end) {
        Encoder out = new Encoder().id(stored.id()).octet(end).number(previous);
        out.number(changed.cardinality());
        for (int i = changed.nextSetBit(0); i >= 0; i = changed.nextSetBit(i + 1)) {
            out.number(i);
            Values.putStatus(out, stored.recipients().get(i));
        }
        return out;
    }

    /** Of a STATE or DELTA record. */
    static boolean endsClaim(Found found) {
        return (found.head().get(16) & ENDS) != 0;
    }

    static boolean forgetsCrashes(Found found) {
        return (found.head().get(16) & FORGETS) != 0;
    }

    /** With the recipients of the envelope, or null where only states and times matter. */
    static State state(Found found, @Nullable List<Recipient> recipients) {
        Decoder in = decoder(found);
        in.id();
        in.octet();
        return getState(in, recipients, found.bodyPosition());
    }

    /** Says whether a STATE record names its recipients. */
    static boolean hasOwnRecipients(Found found) {
        return (found.head().get(17) & OWN_RECIPIENTS) != 0;
    }

    static Delta delta(Found found) {
        Decoder in = decoder(found);
        in.id();
        in.octet();
        long previous = in.number();
        int count = in.count();
        List<Delta.Change> changes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int recipient = (int) in.number();
            changes.add(new Delta.Change(recipient, new Delta.Bare(Values.getStatus(in, UNKNOWN))));
        }
        return new Delta(previous, changes);
    }

    static Encoder ids(List<SpoolId> ids) {
        Encoder out = new Encoder();
        ids.forEach(out::id);
        return out;
    }

    static List<SpoolId> ids(Found found) {
        ByteBuffer head = found.head().duplicate().rewind();
        Decoder in = new Decoder(head);
        List<SpoolId> ids = new ArrayList<>();
        while (head.hasRemaining()) {
            ids.add(in.id());
        }
        return ids;
    }
}
