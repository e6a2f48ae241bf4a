package io.spooler.store.file.queue;

import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.store.OwnPart;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import io.spooler.store.file.codec.States;
import io.spooler.store.file.content.ContentRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message as it was read from the journal, and the rules by which it changes. Immutable.
 *
 * @param id the message
 * @param envelope as accepted
 * @param submitted when
 * @param size octets that were accepted, also when the content is gone
 * @param accepted the accepted content
 * @param revised a newer content, or null
 * @param prefix in front of the content
 * @param recipients the ledger
 * @param prepared true once the preprocessors have run
 * @param hooks that ran
 * @param finished when it was completed, or null
 */
record Stored(
        SpoolId id,
        Envelope envelope,
        Instant submitted,
        long size,
        ContentRef accepted,
        @Nullable ContentRef revised,
        String prefix,
        List<RecipientStatus> recipients,
        boolean prepared,
        List<String> hooks,
        @Nullable Instant finished) {

    static Stored fresh(SpoolId id, Envelope envelope, Instant submitted, ContentRef accepted) {
        return new Stored(
                id,
                envelope,
                submitted,
                accepted.size(),
                accepted,
                null,
                "",
                ledger(envelope, envelope.recipients(), submitted, submitted),
                false,
                List.of(),
                null);
    }

    /** As it is when a part of it was served; copies are in the order of the placements. */
    Stored served(OwnPart part, List<SpoolId> copies) {
        List<RecipientStatus> list = new ArrayList<>(recipients);
        for (int i = 0; i < copies.size(); i++) {
            OwnPart.Placement placement = part.placements().get(i);
            Reply reply = placement.reply(copies.get(i));
            for (int number : placement.recipients()) {
                Recipient recipient = list.get(number).recipient();
                list.set(
                        number,
                        new RecipientStatus(
                                recipient, RecipientState.DELIVERED, 1, null, submitted, part.transport(), reply));
            }
        }
        boolean open = list.stream().anyMatch(r -> !r.state().isFinal());
        Stored ready = new Stored(
                id, envelope, submitted, size, accepted, null, "", list, open || !part.completion(), hooks, null);
        return open || part.completion()
                ? ready
                : ready.with(ContentRef.EMPTY, null).finished(submitted, size);
    }

    /** As if nobody had been served. */
    Stored unserved() {
        return fresh(id, envelope, submitted, accepted);
    }

    /** The ledger for clients. */
    MessageStatus status() {
        return new MessageStatus(id, envelope.sender(), submitted, size, recipients, finished != null);
    }

    static List<RecipientStatus> ledger(
            Envelope envelope, List<Recipient> recipients, Instant submitted, Instant changed) {
        Instant notBefore = envelope.options().notBefore();
        Instant due = notBefore != null && notBefore.isAfter(submitted) ? notBefore : submitted;
        List<RecipientStatus> result = new ArrayList<>(recipients.size());
        for (Recipient recipient : recipients) {
            result.add(new RecipientStatus(recipient, RecipientState.READY, 0, due, changed, null, null));
        }
        return result;
    }

    boolean isFinal() {
        for (RecipientStatus r : recipients) {
            if (!r.state().isFinal()) {
                return false;
            }
        }
        return true;
    }

    static boolean isWaiting(RecipientStatus r) {
        return r.state() == RecipientState.WAITING || r.state() == RecipientState.DEFERRED;
    }

    private static boolean isDue(RecipientStatus r, Instant now) {
        Instant due = due(r);
        return due != null && !due.isAfter(now);
    }

    private static @Nullable Instant due(RecipientStatus r) {
        return r.state() == RecipientState.READY || isWaiting(r) ? r.due() : null;
    }

    List<Integer> due(Instant now) {
        List<Integer> numbers = new ArrayList<>(recipients.size());
        for (int i = 0; i < recipients.size(); i++) {
            if (isDue(recipients.get(i), now)) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    List<Integer> unfinished() {
        List<Integer> numbers = new ArrayList<>(recipients.size());
        for (int i = 0; i < recipients.size(); i++) {
            if (!recipients.get(i).state().isFinal()) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    /** When it asks for work, nanoseconds since 1970; {@link Long#MAX_VALUE} for never. */
    long dueNanos() {
        return finished != null ? Long.MAX_VALUE : dueNanos(recipients, Nanos.of(submitted));
    }

    /** The first time of a ledger; {@code whenFinal} if nobody is left. */
    static long dueNanos(List<RecipientStatus> recipients, long whenFinal) {
        long first = Long.MAX_VALUE;
        boolean all = true;
        for (RecipientStatus r : recipients) {
            Instant due = due(r);
            first = due == null ? first : Math.min(first, Nanos.of(due));
            all &= r.state().isFinal();
        }
        return all ? whenFinal : first;
    }

    int stateBits() {
        return stateBits(recipients);
    }

    static int stateBits(List<RecipientStatus> recipients) {
        int bits = 0;
        for (RecipientStatus r : recipients) {
            bits |= States.bit(r.state());
        }
        return bits;
    }

    /** Wakes what matches; the same object if nothing does. */
    Stored wake(List<QueueFilter> filters, Instant now) {
        Stored result = this;
        for (QueueFilter filter : filters) {
            result = result.wake(filter, now);
        }
        return result;
    }

    private Stored wake(QueueFilter filter, Instant now) {
        List<RecipientStatus> list = null;
        Instant due = submitted.isAfter(now) ? now : submitted;
        for (int i = 0; i < recipients.size(); i++) {
            RecipientStatus r = recipients.get(i);
            if (isWaiting(r) && filter.matches(r)) {
                list = list == null ? new ArrayList<>(recipients) : list;
                list.set(
                        i,
                        new RecipientStatus(
                                r.recipient(),
                                RecipientState.READY,
                                r.attempts(),
                                due,
                                r.changed(),
                                r.transport(),
                                r.reply()));
            }
        }
        return list == null ? this : with(list);
    }

    int matching(QueueFilter filter) {
        int count = 0;
        for (RecipientStatus r : recipients) {
            count += isWaiting(r) && filter.matches(r) ? 1 : 0;
        }
        return count;
    }

    /** As it is read back once it has left the queue. */
    Stored finished(Instant when, long octets) {
        return new Stored(id, envelope, submitted, octets, accepted, null, "", recipients, prepared, hooks, when);
    }

    /** With what was said of a recipient that is final; null if there is none. */
    @Nullable
    Stored noted(int number, Reply reply) {
        if (number < 0
                || number >= recipients.size()
                || !recipients.get(number).state().isFinal()) {
            return null;
        }
        List<RecipientStatus> list = new ArrayList<>(recipients);
        RecipientStatus r = list.get(number);
        list.set(
                number,
                new RecipientStatus(
                        r.recipient(), r.state(), r.attempts(), r.due(), r.changed(), r.transport(), reply));
        return with(list);
    }

    private Stored with(List<RecipientStatus> list) {
        return new Stored(id, envelope, submitted, size, accepted, revised, prefix, list, prepared, hooks, finished);
    }

    Stored with(ContentRef first, @Nullable ContentRef second) {
        return new Stored(id, envelope, submitted, size, first, second, prefix, recipients, prepared, hooks, finished);
    }

    /** What is wrong with a settlement; null if nothing is. */
    @Nullable
    String refusal(Settlement settlement) {
        Settlement.Prepared change = settlement.prepared();
        if (change != null && prepared) {
            return "the message was prepared before";
        }
        List<Recipient> others = change == null ? null : change.recipients();
        int count = others == null ? recipients.size() : others.size();
        BitSet open = new BitSet(count);
        for (int i = 0; i < count; i++) {
            open.set(i, others != null || !recipients.get(i).state().isFinal());
        }
        for (Settlement.Transition t : settlement.transitions()) {
            if (t.recipient() < 0 || !open.get(t.recipient())) {
                return "recipient " + t.recipient() + " does not exist or is final";
            }
            open.set(t.recipient(), !t.state().isFinal());
        }
        return settlement.complete() && !open.isEmpty() ? "recipients " + open + " are not final" : null;
    }

    /** After a settlement that was not refused. */
    Stored after(Settlement settlement, Instant now) {
        Settlement.Prepared change = settlement.prepared();
        List<Recipient> others = change == null ? null : change.recipients();
        List<RecipientStatus> list =
                others == null ? new ArrayList<>(recipients) : ledger(envelope, others, submitted, now);
        for (Settlement.Transition t : settlement.transitions()) {
            list.set(t.recipient(), after(list.get(t.recipient()), t, now));
        }
        boolean complete = settlement.complete();
        return new Stored(
                id,
                envelope,
                submitted,
                size,
                complete ? ContentRef.EMPTY : accepted,
                complete ? null : revised,
                complete ? "" : change == null ? prefix : change.prefix(),
                list,
                prepared || change != null,
                change == null ? hooks : change.hooks(),
                complete ? now : finished);
    }

    private static RecipientStatus after(RecipientStatus r, Settlement.Transition t, Instant now) {
        boolean timed = t.state() != RecipientState.HELD && !t.state().isFinal();
        return new RecipientStatus(
                t.recipient(r.recipient()),
                t.state(),
                t.attempts(r),
                timed ? t.due() : null,
                now,
                t.transport() == null ? r.transport() : t.transport(),
                t.reply() == null ? r.reply() : t.reply());
    }

    Stored with(Delta delta) {
        List<RecipientStatus> list = new ArrayList<>(recipients);
        for (Delta.Change change : delta.changes()) {
            list.set(
                    change.recipient(),
                    change.status().of(recipients.get(change.recipient()).recipient()));
        }
        return with(list);
    }

    Stored with(State state) {
        return new Stored(
                id,
                envelope,
                submitted,
                size,
                accepted,
                state.revised(),
                state.prefix(),
                state.recipients(),
                state.prepared(),
                state.hooks(),
                finished);
    }
}
