package io.spooler.testkit;

import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Message;
import io.spooler.store.OwnPart;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One message of the {@link MemoryStore}, and the rules of its claim. Guarded by the lock of the store. */
final class MemoryMessage {

    private final SpoolId id;
    private final Envelope envelope;
    private final Instant submitted;
    private final long size;
    private MemoryContent accepted;
    private @Nullable MemoryContent revised;
    private String prefix = "";
    private List<RecipientStatus> recipients;
    private boolean prepared;
    private List<String> hooks = List.of();
    private @Nullable Instant completed;

    private @Nullable Claim claim;
    private boolean working;
    private int crashes;
    private final Set<Integer> lent = new TreeSet<>();
    private final Set<QueueFilter> wakes = new LinkedHashSet<>();

    MemoryMessage(SpoolId id, Envelope envelope, MemoryContent accepted, Instant submitted) {
        this.id = id;
        this.envelope = envelope;
        this.accepted = accepted;
        this.size = accepted.size();
        this.submitted = submitted;
        this.recipients = fresh(envelope.recipients(), submitted);
    }

    private List<RecipientStatus> fresh(List<Recipient> list, Instant now) {
        Instant notBefore = envelope.options().notBefore();
        Instant due = notBefore != null && notBefore.isAfter(submitted) ? notBefore : submitted;
        List<RecipientStatus> result = new ArrayList<>();
        for (Recipient recipient : list) {
            result.add(new RecipientStatus(recipient, RecipientState.READY, 0, due, now, null, null));
        }
        return result;
    }

    /** The store has filed the copies of its part. */
    void serve(OwnPart part, List<Mailboxes.Entry> copies) {
        for (int i = 0; i < copies.size(); i++) {
            OwnPart.Placement placement = part.placements().get(i);
            Reply reply = placement.reply(copies.get(i).id());
            for (int number : placement.recipients()) {
                Recipient recipient = envelope.recipients().get(number);
                recipients.set(
                        number,
                        new RecipientStatus(
                                recipient, RecipientState.DELIVERED, 1, null, submitted, part.transport(), reply));
            }
        }
        if (isFinal() && !part.completion()) {
            finish(submitted);
        }
        prepared = completed != null || !isFinal();
    }

    private void finish(Instant now) {
        completed = now;
        accepted = MemoryContent.EMPTY;
        revised = null;
        prefix = "";
    }

    SpoolId id() {
        return id;
    }

    List<RecipientStatus> recipients() {
        return recipients;
    }

    @Nullable
    Instant completed() {
        return completed;
    }

    Message view() {
        MemoryContent base = revised == null ? accepted : revised;
        return new Message(
                id,
                envelope,
                submitted,
                size,
                accepted,
                base.behind(prefix.getBytes(StandardCharsets.UTF_8)),
                recipients,
                prepared,
                hooks,
                crashes,
                completed != null);
    }

    private boolean isFinal() {
        return recipients.stream().allMatch(r -> r.state().isFinal());
    }

    /** When the message asks for work by itself; empty if never. */
    Optional<Instant> due() {
        if (completed != null) {
            return Optional.empty();
        }
        if (isFinal()) {
            return Optional.of(submitted);
        }
        return recipients.stream()
                .map(MemoryMessage::due)
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private static Optional<Instant> due(RecipientStatus r) {
        return r.state() == RecipientState.READY || isWaiting(r) ? Optional.ofNullable(r.due()) : Optional.empty();
    }

    private static boolean isWaiting(RecipientStatus r) {
        return r.state() == RecipientState.WAITING || r.state() == RecipientState.DEFERRED;
    }

    boolean isClaimed(Instant now) {
        if (claim != null && !now.isBefore(claim.until())) {
            endClaim(now);
        }
        return claim != null;
    }

    boolean holds(Claim other, Instant now) {
        return isClaimed(now) && claim != null && claim.epoch() == other.epoch();
    }

    Claim claimDue(long epoch, Instant now, Instant until) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < recipients.size(); i++) {
            if (due(recipients.get(i)).filter(d -> !d.isAfter(now)).isPresent()) {
                numbers.add(i);
            }
        }
        return lend(numbers, epoch, until);
    }

    Claim claimAll(long epoch, Instant until) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < recipients.size(); i++) {
            if (!recipients.get(i).state().isFinal()) {
                numbers.add(i);
            }
        }
        return lend(numbers, epoch, until);
    }

    private Claim lend(List<Integer> numbers, long epoch, Instant until) {
        Claim fresh = new Claim(view(), numbers, epoch, until);
        claim = fresh;
        lent.addAll(numbers);
        return fresh;
    }

    /** The process has ended. */
    void crash(Instant now) {
        crashes += working ? 1 : 0;
        endClaim(now);
    }

    void endClaim(Instant now) {
        claim = null;
        working = false;
        lent.clear();
        wakes.forEach(filter -> wakeNow(filter, now));
        wakes.clear();
    }

    /** Wakes now, or when the claim ends, because outcomes of the claim may match by then. */
    int wake(QueueFilter filter, Instant now) {
        if (!isClaimed(now)) {
            return wakeNow(filter, now);
        }
        wakes.add(filter);
        return (int) recipients.stream()
                .filter(r -> isWaiting(r) && filter.matches(r))
                .count();
    }

    private int wakeNow(QueueFilter filter, Instant now) {
        Instant due = submitted.isAfter(now) ? now : submitted;
        int count = 0;
        for (int i = 0; i < recipients.size(); i++) {
            RecipientStatus r = recipients.get(i);
            if (isWaiting(r) && filter.matches(r)) {
                recipients.set(
                        i,
                        new RecipientStatus(
                                r.recipient(),
                                RecipientState.READY,
                                r.attempts(),
                                due,
                                r.changed(),
                                r.transport(),
                                r.reply()));
                count++;
            }
        }
        return count;
    }

    /** Says what is wrong with a settlement, or null; changes nothing. */
    @Nullable
    String refusal(Settlement settlement) {
        List<RecipientStatus> list = recipients;
        Settlement.Prepared change = settlement.prepared();
        if (change != null && prepared) {
            return "the message was prepared before";
        }
        if (change != null && change.recipients() != null) {
            list = fresh(change.recipients(), submitted);
        }
        Set<Integer> open = new TreeSet<>();
        for (int i = 0; i < list.size(); i++) {
            if (!list.get(i).state().isFinal()) {
                open.add(i);
            }
        }
        for (Settlement.Transition t : settlement.transitions()) {
            if (!open.contains(t.recipient())) {
                return "recipient " + t.recipient() + " does not exist or is final";
            }
            if (t.state().isFinal()) {
                open.remove(t.recipient());
            }
        }
        return settlement.complete() && !open.isEmpty() ? "recipients " + open + " are not final" : null;
    }

    void settle(Settlement settlement, Instant now) {
        if (settlement.work() != null) {
            working = settlement.work() == Settlement.Work.BEGINS;
        }
        if (settlement.isEmpty()) {
            return;
        }
        Settlement.Prepared change = settlement.prepared();
        if (change != null) {
            prepare(change, now);
        }
        for (Settlement.Transition t : settlement.transitions()) {
            recipients.set(t.recipient(), after(recipients.get(t.recipient()), t, now));
            lent.remove(t.recipient());
        }
        if (settlement.complete()) {
            finish(now);
        }
        if (completed != null || (lent.isEmpty() && !isFinal())) {
            boolean held = settlement.transitions().stream().anyMatch(t -> t.state() == RecipientState.HELD);
            crashes = working || held ? 0 : crashes;
            endClaim(now);
        }
    }

    private void prepare(Settlement.Prepared change, Instant now) {
        prepared = true;
        prefix = change.prefix();
        hooks = change.hooks();
        List<Recipient> others = change.recipients();
        if (others != null) {
            recipients = fresh(others, now);
            lent.clear();
            for (int i = 0; i < others.size(); i++) {
                lent.add(i);
            }
        }
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

    /** False if there is no such recipient, or it is not final. */
    boolean note(int number, Reply reply) {
        if (number < 0
                || number >= recipients.size()
                || !recipients.get(number).state().isFinal()) {
            return false;
        }
        RecipientStatus r = recipients.get(number);
        recipients.set(
                number,
                new RecipientStatus(
                        r.recipient(), r.state(), r.attempts(), r.due(), r.changed(), r.transport(), reply));
        return true;
    }

    void revise(MemoryContent content) {
        revised = content;
    }
}
