package io.spooler.loopback;

import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.transport.Inlet;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Keeps what comes in; refuses or keeps silent on demand. */
final class FakeInlet implements Inlet {

    record Filed(Arrival arrival, String latin1) {}

    /** What a commit answers; the default is an entry. */
    Supplier<CompletionStage<Optional<Mailboxes.Entry>>> answer = this::entry;

    SpoolException refusal;
    private final List<Filed> filed = new ArrayList<>();
    private int abandoned;
    private Arrival last;

    synchronized List<Filed> filed() {
        return List.copyOf(filed);
    }

    synchronized List<String> mailboxes() {
        return filed.stream().map(f -> f.arrival().mailbox()).toList();
    }

    synchronized int abandoned() {
        return abandoned;
    }

    private CompletionStage<Optional<Mailboxes.Entry>> entry() {
        SpoolId id = SpoolId.next(Instant.EPOCH, new Random(1));
        return CompletableFuture.completedFuture(Optional.of(new Mailboxes.Entry(
                id, last.mailbox(), "INBOX", last.messageClass(), last.sender(), Instant.EPOCH, 1, Set.of(), 1)));
    }

    @Override
    public Reception receive(Arrival arrival) throws SpoolException {
        if (refusal != null) {
            throw refusal;
        }
        return new FakeReception(arrival);
    }

    private final class FakeReception implements Reception {

        private final Arrival arrival;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean committed;

        FakeReception(Arrival arrival) {
            this.arrival = arrival;
        }

        @Override
        public void write(ByteBuffer source) {
            byte[] some = new byte[source.remaining()];
            source.get(some);
            bytes.writeBytes(some);
        }

        @Override
        public long size() {
            return bytes.size();
        }

        @Override
        public CompletionStage<Optional<Mailboxes.Entry>> commit() {
            synchronized (FakeInlet.this) {
                committed = true;
                last = arrival;
                filed.add(new Filed(arrival, bytes.toString(StandardCharsets.ISO_8859_1)));
            }
            return answer.get();
        }

        @Override
        public void close() {
            synchronized (FakeInlet.this) {
                abandoned += committed ? 0 : 1;
            }
        }
    }
}
