package io.spooler.core;

import io.spooler.Content;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Folders;
import io.spooler.store.Message;
import io.spooler.store.MessageStore;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import io.spooler.store.StoreStatus;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A store in the heap with an index by due time, for large queues in simulated time: content is not kept, finished
 * messages are forgotten, leases do not end, nothing is woken. For one thread.
 */
final class IndexedStore implements MessageStore {

    private static final byte[] TEXT =
            "Subject: test\r\n\r\nhello\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private record Key(Instant due, SpoolId id) implements Comparable<Key> {

        @Override
        public int compareTo(Key other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : id.compareTo(other.id);
        }
    }

    private static final class Entry {

        private Message message;
        private Key key;
        private long epoch;
        private int lent;
    }

    private final Clock clock;
    private final TreeMap<Key, Entry> due = new TreeMap<>();
    private final Map<SpoolId, Entry> entries = new HashMap<>();
    private long ids;
    private long epoch;
    long claims;
    long records;

    IndexedStore(Clock clock) {
        this.clock = clock;
    }

    private record Text() implements Content {

        @Override
        public long size() {
            return TEXT.length;
        }

        @Override
        public int read(long position, ByteBuffer target) {
            if (position >= TEXT.length) {
                return -1;
            }
            int size = (int) Math.min(target.remaining(), TEXT.length - position);
            target.put(TEXT, (int) position, size);
            return size;
        }
    }

    private static final Content CONTENT = new Text();

    @Override
    public Draft begin(Envelope envelope) {
        SpoolId id = new SpoolId(clock.millis() << 16, ++ids);
        return new Draft() {
            @Override
            public SpoolId id() {
                return id;
            }

            @Override
            public CompletionStage<SpoolId> commit() {
                add(id, envelope);
                return CompletableFuture.completedFuture(id);
            }

            @Override
            public void write(ByteBuffer source) {
                source.position(source.limit());
            }

            @Override
            public long size() {
                return TEXT.length;
            }

            @Override
            public void close() {}
        };
    }

    private void add(SpoolId id, Envelope envelope) {
        Instant now = clock.instant();
        List<RecipientStatus> ledger = new ArrayList<>();
        Instant notBefore = envelope.options().notBefore();
        Instant first = notBefore == null ? now : notBefore;
        for (Recipient recipient : envelope.recipients()) {
            ledger.add(new RecipientStatus(recipient, RecipientState.READY, 0, first, now, null, null));
        }
        Entry entry = new Entry();
        entry.message =
                new Message(id, envelope, now, TEXT.length, CONTENT, CONTENT, ledger, true, List.of(), 0, false);
        entries.put(id, entry);
        index(entry);
    }

    private void index(Entry entry) {
        Instant first = null;
        for (RecipientStatus status : entry.message.recipients()) {
            if (status.due() != null && (first == null || status.due().isBefore(first))) {
                first = status.due();
            }
        }
        if (first != null) {
            entry.key = new Key(first, entry.message.id());
            due.put(entry.key, entry);
        }
    }

    @Override
    public Draft revise(Claim claim) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Claim> claim(int recipients, Instant now, Duration lease) {
        List<Claim> result = new ArrayList<>();
        int count = 0;
        while (count < recipients && !due.isEmpty() && !due.firstKey().due.isAfter(now)) {
            Entry entry = due.pollFirstEntry().getValue();
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < entry.message.recipients().size(); i++) {
                Instant time = entry.message.recipients().get(i).due();
                if (time != null && !time.isAfter(now)) {
                    numbers.add(i);
                }
            }
            entry.epoch = ++epoch;
            entry.lent = numbers.size();
            claims++;
            count += numbers.size();
            result.add(new Claim(entry.message, numbers, epoch, now.plus(lease)));
        }
        return result;
    }

    @Override
    public Optional<Claim> claim(SpoolId id, Instant now, Duration lease) {
        return Optional.empty();
    }

    @Override
    public CompletionStage<Void> settle(Claim claim, Settlement settlement) {
        Entry entry = entries.get(claim.message().id());
        if (entry == null || entry.epoch != claim.epoch()) {
            return CompletableFuture.failedFuture(new IllegalStateException("the claim does not hold"));
        }
        records++;
        if (settlement.complete()) {
            entries.remove(claim.message().id());
            return DONE;
        }
        List<RecipientStatus> ledger = new ArrayList<>(entry.message.recipients());
        for (Settlement.Transition t : settlement.transitions()) {
            RecipientStatus old = ledger.get(t.recipient());
            if (old.state().isFinal()) {
                throw new IllegalStateException("served after its end: " + old);
            }
            ledger.set(
                    t.recipient(),
                    new RecipientStatus(
                            old.recipient(),
                            t.state(),
                            old.attempts() + (t.attempted() ? 1 : 0),
                            t.due(),
                            clock.instant(),
                            t.transport() == null ? old.transport() : t.transport(),
                            t.reply() == null ? old.reply() : t.reply()));
            entry.lent--;
        }
        Message m = entry.message;
        entry.message = new Message(
                m.id(), m.envelope(), m.submitted(), m.size(), CONTENT, CONTENT, ledger, true, List.of(), 0, false);
        if (entry.lent == 0) {
            index(entry);
        }
        return DONE;
    }

    @Override
    public void release(Claim claim) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int wake(QueueFilter filter) {
        return 0;
    }

    @Override
    public Optional<Instant> nextDue() {
        return due.isEmpty() ? Optional.empty() : Optional.of(due.firstKey().due);
    }

    @Override
    public Optional<Message> find(SpoolId id) {
        return Optional.ofNullable(entries.get(id)).map(entry -> entry.message);
    }

    @Override
    public List<MessageStatus> query(QueueFilter filter, SpoolId after, int limit) {
        return List.of();
    }

    @Override
    public Folders folders() {
        throw new UnsupportedOperationException();
    }

    @Override
    public StoreStatus status() {
        return new StoreStatus(StoreStatus.Condition.AVAILABLE, "for figures", entries.size(), Map.of());
    }
}
