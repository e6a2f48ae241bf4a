package io.spooler.testkit;

import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.CoupledStore;
import io.spooler.store.Folders;
import io.spooler.store.LedgerNotes;
import io.spooler.store.Message;
import io.spooler.store.OwnPart;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import io.spooler.store.StoreStatus;
import io.spooler.store.StoreStatus.Condition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The reference store: everything in the heap, nothing durable, slow on purpose where that is clearer. Stages complete
 * at once on the calling thread, outside the lock. Thread-safe: one lock, owned by this object, around all state.
 *
 * <p>Known limits: a claim costs time in proportion to the queue.
 */
public final class MemoryStore implements CoupledStore, LedgerNotes {

    /** How long a finished message can be found. */
    public static final Duration RETENTION = Duration.ofDays(3);

    private final Clock clock;
    private final MemoryIds ids;
    private final MemoryFolders folders;
    private final TreeMap<SpoolId, MemoryMessage> messages = new TreeMap<>();
    private final Map<String, SpoolId> keys = new HashMap<>();
    private long epoch;
    private Condition condition = Condition.AVAILABLE;
    private String transport = "";

    /**
     * An empty store.
     *
     * @param clock tells the time of everything that is recorded
     */
    public MemoryStore(Clock clock) {
        this.clock = clock;
        this.ids = new MemoryIds(clock);
        this.folders = new MemoryFolders(this, clock, ids);
    }

    /**
     * Makes the store full, stopped or well, for tests of its users.
     *
     * @param value from now on
     */
    public synchronized void condition(Condition value) {
        condition = value;
    }

    /**
     * Declares a transport as its own.
     *
     * @param name of it; empty, as at the beginning, for none
     */
    public synchronized void transport(String name) {
        transport = name;
    }

    @Override
    public synchronized String transport() {
        return transport;
    }

    /** Ends all claims, as the end of the process that holds them does: its outcomes are refused from now on (R16). */
    public synchronized void forgetClaims() {
        Instant now = clock.instant();
        messages.values().forEach(message -> message.crash(now));
    }

    synchronized void checkRoom() throws SpoolException {
        checkRunning();
        if (condition == Condition.FULL) {
            throw new SpoolException(Reason.STORE_FULL, "the store is full; make room");
        }
    }

    synchronized void checkRunning() throws SpoolException {
        if (condition == Condition.FAILED) {
            throw new SpoolException(Reason.STORE_STOPPED, "the store has stopped; restart it");
        }
    }

    @Override
    public Draft begin(Envelope envelope) throws SpoolException {
        SpoolId id = enter(envelope);
        return new MemoryDraft(id, (draft, content) -> submit(id, envelope, content));
    }

    private SpoolId enter(Envelope envelope) throws SpoolException {
        if (envelope.recipients().isEmpty()) {
            throw new SpoolException(Reason.NO_RECIPIENTS, "the message has no recipients; name at least one");
        }
        checkRoom();
        return ids.next();
    }

    private synchronized SpoolId submit(SpoolId id, Envelope envelope, MemoryContent content) throws SpoolException {
        SpoolId first = known(id, envelope);
        if (first != null) {
            return first;
        }
        messages.put(id, new MemoryMessage(id, envelope, content, clock.instant()));
        return id;
    }

    private @Nullable SpoolId known(SpoolId id, Envelope envelope) throws SpoolException {
        checkRunning();
        forgetOld();
        String key = envelope.options().idempotencyKey();
        return key == null ? null : keys.putIfAbsent(key, id);
    }

    @Override
    public Serving begin(Envelope envelope, OwnPart part) throws SpoolException {
        SpoolId id = enter(envelope);
        part.check(envelope);
        return new MemoryDraft(id, (draft, content) -> serve(draft, envelope, part, content));
    }

    private synchronized SpoolId serve(MemoryDraft draft, Envelope envelope, OwnPart part, MemoryContent content)
            throws SpoolException {
        SpoolId id = draft.id();
        SpoolId first = known(id, envelope);
        if (first != null) {
            return first;
        }
        List<Mailboxes.Entry> copies = new ArrayList<>();
        part.placements().forEach(placement -> copies.add(folders.add(placement.filing(), content)));
        MemoryMessage message = new MemoryMessage(id, envelope, content, clock.instant());
        message.serve(part, copies);
        messages.put(id, message);
        draft.served(new Served(message.view().status(), copies));
        return id;
    }

    private void forgetOld() {
        Instant limit = clock.instant().minus(RETENTION);
        messages.values().removeIf(m -> m.completed() != null && m.completed().isBefore(limit));
        keys.values().removeIf(id -> !messages.containsKey(id));
    }

    @Override
    public synchronized Draft revise(Claim claim) throws SpoolException {
        checkRoom();
        SpoolId id = held(claim).id();
        return new MemoryDraft(id, (draft, content) -> {
            synchronized (this) {
                checkRunning();
                held(claim).revise(content);
            }
            return id;
        });
    }

    private MemoryMessage held(Claim claim) throws SpoolException {
        MemoryMessage message = messages.get(claim.message().id());
        if (message == null || !message.holds(claim, clock.instant())) {
            throw new SpoolException(
                    Reason.NOT_FOUND,
                    "the claim does not hold any more: " + claim.message().id());
        }
        return message;
    }

    @Override
    public synchronized List<Claim> claim(int recipients, Instant now, Duration lease) {
        List<Claim> claims = new ArrayList<>();
        int count = 0;
        for (MemoryMessage message : condition == Condition.FAILED ? List.<MemoryMessage>of() : due(now)) {
            if (count >= recipients && !claims.isEmpty()) {
                break;
            }
            Claim claim = message.claimDue(++epoch, now, now.plus(lease));
            claims.add(claim);
            count += Math.max(1, claim.due().size());
        }
        return claims;
    }

    private List<MemoryMessage> due(Instant now) {
        // The map is in order of submission and the sort is stable.
        return messages.values().stream()
                .filter(m -> !m.isClaimed(now)
                        && m.due().filter(d -> !d.isAfter(now)).isPresent())
                .sorted(Comparator.comparing(m -> m.due().orElseThrow()))
                .toList();
    }

    @Override
    public synchronized Optional<Claim> claim(SpoolId id, Instant now, Duration lease) {
        MemoryMessage message = messages.get(id);
        if (condition == Condition.FAILED || message == null || message.completed() != null || message.isClaimed(now)) {
            return Optional.empty();
        }
        return Optional.of(message.claimAll(++epoch, now.plus(lease)));
    }

    @Override
    public CompletionStage<@Nullable Void> settle(Claim claim, Settlement settlement) {
        try {
            record(claim, settlement);
            return CompletableFuture.completedFuture(null);
        } catch (SpoolException | IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized void record(Claim claim, Settlement settlement) throws SpoolException {
        checkRunning();
        MemoryMessage message = held(claim);
        String refusal = message.refusal(settlement);
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        message.settle(settlement, clock.instant());
    }

    @Override
    public synchronized void release(Claim claim) {
        MemoryMessage message = messages.get(claim.message().id());
        Instant now = clock.instant();
        if (message != null && message.holds(claim, now)) {
            message.endClaim(now);
        }
    }

    @Override
    public synchronized int wake(QueueFilter filter) {
        Instant now = clock.instant();
        return queued().mapToInt(m -> m.wake(filter, now)).sum();
    }

    private Stream<MemoryMessage> queued() {
        return messages.values().stream().filter(m -> m.completed() == null);
    }

    @Override
    public synchronized Optional<Instant> nextDue() {
        Instant now = clock.instant();
        return queued().filter(m -> !m.isClaimed(now))
                .map(MemoryMessage::due)
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    @Override
    public synchronized Optional<Message> find(SpoolId id) {
        forgetOld();
        return Optional.ofNullable(messages.get(id)).map(MemoryMessage::view);
    }

    @Override
    public synchronized boolean note(SpoolId id, int recipient, Reply reply) throws SpoolException {
        checkRunning();
        MemoryMessage message = messages.get(id);
        return message != null && message.note(recipient, reply);
    }

    @Override
    public synchronized List<MessageStatus> query(QueueFilter filter, @Nullable SpoolId after, int limit) {
        return queued().filter(m -> after == null || m.id().compareTo(after) > 0)
                .filter(m -> m.recipients().stream().anyMatch(filter::matches))
                .limit(limit)
                .map(m -> m.view().status())
                .toList();
    }

    @Override
    public Folders folders() {
        return folders;
    }

    @Override
    public synchronized StoreStatus status() {
        Map<RecipientState, Long> states = new EnumMap<>(RecipientState.class);
        queued().flatMap(m -> m.recipients().stream()).forEach(r -> states.merge(r.state(), 1L, Long::sum));
        String text = condition == Condition.AVAILABLE ? "in memory, not durable" : "set by a test";
        return new StoreStatus(condition, text, queued().count(), states);
    }
}
