package io.spooler.core.claim;

import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.core.registry.StoreEntry;
import io.spooler.store.Claim;
import io.spooler.store.Message;
import io.spooler.store.Settlement;
import io.spooler.store.Settlement.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A message the core has claimed, with the core's own view of its ledger. Owned by the loop: touched on no other
 * thread.
 */
public final class ActiveMessage {

    private final StoreEntry store;
    private final Claim claim;
    private final BitSet open = new BitSet();
    // Made when needed: most of the many in line do without.
    private @Nullable BitSet offered;
    private @Nullable BitSet settling;
    private @Nullable BitSet reportedElsewhere;
    private Map<Integer, String> servers = Map.of();
    private Map<Integer, Set<Long>> declined = Map.of();
    private List<RecipientStatus> ledger;
    private boolean own;
    private Message message;
    private boolean begun;
    private boolean dropped;
    private boolean busy;
    private boolean cancelled;
    private boolean unmarked;
    private boolean marked;
    private int borrowers;

    ActiveMessage(StoreEntry store, Claim claim) {
        this.store = store;
        this.claim = claim;
        this.message = claim.message();
        this.ledger = message.recipients();
        claim.due().forEach(open::set);
    }

    /**
     * Where it lives.
     *
     * @return the store
     */
    public StoreEntry store() {
        return store;
    }

    /**
     * Records something under the claim.
     *
     * @param settlement what
     * @return as of the store; a store that throws has failed as one whose stage does, since who waits for the end must hear
     *     of it
     */
    public CompletionStage<@Nullable Void> settle(Settlement settlement) {
        try {
            return store.store().settle(claim, settlement);
        } catch (RuntimeException | LinkageError e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Somebody else's code gets it: should the process end meanwhile, that is to be known. Not waited for.
     */
    public void begin() {
        if (!begun) {
            begun = true;
            settle(Settlement.BEGINS);
        }
    }

    /** Nobody else's code has it any more, and no outcome is recorded: it waits for more. Not waited for. */
    public void rest() {
        if (begun) {
            begun = false;
            settle(Settlement.RESTS);
        }
    }

    /**
     * Under what it is held.
     *
     * @return the claim
     */
    public Claim claim() {
        return claim;
    }

    /**
     * The record, as of the claim or of the last {@link #replace}.
     *
     * @return the message
     */
    public Message message() {
        return message;
    }

    /**
     * Which.
     *
     * @return the id
     */
    public SpoolId id() {
        return message.id();
    }

    /**
     * The record after preprocessing: perhaps with other recipients, all of them lent unless final.
     *
     * @param prepared as the store has it now
     */
    public void replace(Message prepared) {
        message = prepared;
        ledger = prepared.recipients();
        own = false;
        BitSet before = (BitSet) open.clone();
        open.clear();
        boolean same =
                prepared.recipients().size() == claim.message().recipients().size();
        for (int i = 0; i < ledger.size(); i++) {
            open.set(i, !ledger.get(i).state().isFinal() && (!same || before.get(i)));
        }
    }

    /**
     * One recipient.
     *
     * @param number its number
     * @return its entry
     */
    public RecipientStatus recipient(int number) {
        return ledger.get(number);
    }

    /**
     * Numbers of the lent recipients without an outcome, ascending.
     *
     * @return a copy
     */
    public List<Integer> open() {
        List<Integer> numbers = new ArrayList<>(open.cardinality());
        for (int number = open.nextSetBit(0); number >= 0; number = open.nextSetBit(number + 1)) {
            numbers.add(number);
        }
        return numbers;
    }

    /**
     * Whether a recipient is lent and without an outcome.
     *
     * @param number its number
     * @return true if so
     */
    public boolean isOpen(int number) {
        return open.get(number);
    }

    /**
     * Those of some recipients that are lent and without an outcome.
     *
     * @param numbers which
     * @return their numbers, in the same order
     */
    public List<Integer> open(List<Integer> numbers) {
        for (int number : numbers) {
            if (!open.get(number)) {
                return numbers.stream().filter(open::get).toList();
            }
        }
        return numbers;
    }

    /**
     * How many are lent and without an outcome.
     *
     * @return a number
     */
    public int openCount() {
        return open.cardinality() + (settling == null ? 0 : settling.cardinality());
    }

    /**
     * Marks recipients as being worked on, or not any more.
     *
     * @param numbers which
     * @param with true while a transport works on them
     */
    public void offer(List<Integer> numbers, boolean with) {
        BitSet all = offered == null ? new BitSet(ledger.size()) : offered;
        numbers.forEach(number -> all.set(number, with));
        offered = all;
    }

    /**
     * Takes recipients out of the line, because an outcome is on its way that is recorded later.
     *
     * @param transitions what will be recorded
     */
    public void withdraw(List<Transition> transitions) {
        BitSet all = settling == null ? new BitSet(ledger.size()) : settling;
        for (Transition t : transitions) {
            open.clear(t.recipient());
            all.set(t.recipient());
        }
        settling = all;
    }

    /**
     * Tells whether a recipient can be changed from outside.
     *
     * @param number which
     * @return false if it is final, or hooks or a transport work on it, or an outcome of it is on its way
     */
    public boolean isFree(int number) {
        return !busy
                && (offered == null || !offered.get(number))
                && (settling == null || !settling.get(number))
                && !ledger.get(number).state().isFinal();
    }

    /**
     * Whether a recipient is lent and its outcome not recorded yet: in line, under way, or being reported.
     *
     * @param number which
     * @return true if so
     */
    public boolean isInWork(int number) {
        return open.get(number) || (settling != null && settling.get(number));
    }

    /**
     * Remembers that a transport did not want a recipient in this round (R32).
     *
     * @param number which recipient
     * @param transport service id
     */
    public void decline(int number, long transport) {
        if (declined.isEmpty()) {
            declined = new HashMap<>();
        }
        declined.computeIfAbsent(number, n -> new HashSet<>()).add(transport);
    }

    /**
     * The transports that did not want a recipient in this round.
     *
     * @param number which recipient
     * @return service ids
     */
    public Set<Long> declined(int number) {
        return declined.getOrDefault(number, Set.of());
    }

    /**
     * The transports that did not want a recipient in this round, by the numbers of the recipients.
     *
     * @return a copy
     */
    public Map<Integer, Set<Long>> declined() {
        Map<Integer, Set<Long>> copy = new HashMap<>();
        declined.forEach((number, transports) -> copy.put(number, Set.copyOf(transports)));
        return copy;
    }

    /**
     * Remembers that the next system reports success of a recipient, if anybody does.
     *
     * @param number which recipient
     */
    public void reportElsewhere(int number) {
        BitSet all = reportedElsewhere == null ? new BitSet(ledger.size()) : reportedElsewhere;
        all.set(number);
        reportedElsewhere = all;
    }

    /**
     * Tells whether the next system took over the wishes for reports.
     *
     * @param number which recipient
     * @return true if so
     */
    public boolean isReportedElsewhere(int number) {
        return reportedElsewhere != null && reportedElsewhere.get(number);
    }

    /**
     * Remembers with which remote system an attempt was made.
     *
     * @param numbers of the recipients
     * @param host its name, harmless
     */
    public void servedBy(List<Integer> numbers, String host) {
        if (servers.isEmpty()) {
            servers = new HashMap<>();
        }
        numbers.forEach(number -> servers.put(number, host));
    }

    /**
     * The remote system of the last attempt under this claim.
     *
     * @param number which recipient
     * @return its name, or empty if it is not known
     */
    public Optional<String> server(int number) {
        return Optional.ofNullable(servers.get(number));
    }

    /**
     * Applies new states to this view.
     *
     * @param transitions what happened
     * @param now when
     * @return the new entries, in order; without those that have only got another time
     * @throws IllegalStateException for a transition that {@link Transitions} does not know
     */
    public List<RecipientStatus> apply(List<Transition> transitions, Instant now) {
        List<RecipientStatus> changed = new ArrayList<>(transitions.size());
        if (!own) {
            ledger = new ArrayList<>(ledger);
            own = true;
        }
        for (Transition t : transitions) {
            RecipientStatus old = ledger.get(t.recipient());
            Transitions.check(
                    offered != null && offered.get(t.recipient()) ? RecipientState.OFFERED : old.state(), t.state());
            RecipientStatus entry = new RecipientStatus(
                    t.recipient(old.recipient()),
                    t.state(),
                    t.attempts(old),
                    t.due(),
                    now,
                    t.transport() == null ? old.transport() : t.transport(),
                    t.reply() == null ? old.reply() : t.reply());
            ledger.set(t.recipient(), entry);
            open.clear(t.recipient());
            if (offered != null) {
                offered.clear(t.recipient());
            }
            if (settling != null) {
                settling.clear(t.recipient());
            }
            if (t.attempted() || t.reply() != null || t.renewed() != null || t.state() != old.state()) {
                changed.add(entry);
            }
        }
        return changed;
    }

    /**
     * Tells whether nothing is left to be delivered.
     *
     * @return true if every recipient is final
     */
    public boolean isFinal() {
        for (RecipientStatus entry : ledger) {
            if (!entry.state().isFinal()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The ledger as clients see it: what a transport works on is OFFERED.
     *
     * @param complete whether it has left the queue
     * @return a copy
     */
    public MessageStatus status(boolean complete) {
        List<RecipientStatus> entries = new ArrayList<>(ledger);
        if (offered != null) {
            offered.stream().forEach(i -> entries.set(i, offered(entries.get(i))));
        }
        MessageStatus base = message.status();
        return new MessageStatus(base.id(), base.sender(), base.submitted(), base.size(), entries, complete);
    }

    private static RecipientStatus offered(RecipientStatus entry) {
        return new RecipientStatus(
                entry.recipient(),
                RecipientState.OFFERED,
                entry.attempts(),
                null,
                entry.changed(),
                entry.transport(),
                entry.reply());
    }

    /**
     * Marks that hooks work on it, so that it cannot be changed from outside.
     *
     * @param with true while they do
     */
    public void busy(boolean with) {
        busy = with;
    }

    /** Its sender has cancelled it while something works on it: what is not served any more is cancelled, too (R44). */
    public void cancel() {
        cancelled = true;
    }

    /**
     * Tells whether it was cancelled while something worked on it.
     *
     * @return true if so
     */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * Tells whether hooks or a transport work on it.
     *
     * @return true if so: unable to abort (R13)
     */
    public boolean isBusy() {
        return busy || (offered != null && !offered.isEmpty()) || (settling != null && !settling.isEmpty());
    }

    /**
     * Tells whether the preprocessors still have to run.
     *
     * @return true if so
     */
    public boolean needsPreparation() {
        return !message.prepared() && !unmarked;
    }

    /** The preprocessors ran and changed nothing: to be recorded with the next settlement. */
    public void unchanged() {
        unmarked = true;
    }

    /**
     * Takes the mark that {@link #unchanged} left.
     *
     * @return true once, if the next settlement must record it
     */
    public boolean takeMark() {
        boolean mark = unmarked && !marked && !message.prepared();
        marked |= mark;
        return mark;
    }

    /** Claimed, or found so, to be changed from outside and not to be delivered. */
    void borrow() {
        borrowers++;
    }

    /** One of those who changed it is ready; true if it was the last. */
    boolean endBorrow() {
        return borrowers > 0 && --borrowers == 0;
    }

    boolean isBorrowed() {
        return borrowers > 0;
    }

    /** The claim does not hold any more, or the store has gone: no outcome may be recorded. */
    void drop() {
        dropped = true;
    }

    /**
     * Tells whether outcomes can still be recorded.
     *
     * @return true if not
     */
    public boolean isDropped() {
        return dropped;
    }
}
