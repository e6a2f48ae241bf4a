package io.spooler.smtp.listener;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.ContentSource;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.Spooler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A spooler in memory; a test says when, and whether, a commit completes. Thread-safe. */
final class FakeSpooler implements Spooler {

    /** A message that was committed, its content with one character per octet, and its answer. */
    record Committed(SpoolId id, Envelope envelope, String text, CompletableFuture<SpoolId> answer) {

        /** Without the trace header. */
        String body() {
            return text.replaceFirst("(?s)^Received: .*?\\r\\n(?! )", "");
        }
    }

    /** What {@link #begin} does first. */
    volatile SpoolException.@Nullable Reason refuseBegin;

    volatile boolean failWrites;
    volatile Function<Committed, CompletionStage<SpoolId>> onCommit = m -> {
        m.answer.complete(m.id);
        return m.answer;
    };

    final List<Committed> accepted = new CopyOnWriteArrayList<>();
    final AtomicInteger begun = new AtomicInteger();
    final AtomicInteger abandoned = new AtomicInteger();
    private final BlockingQueue<Committed> commits = new LinkedBlockingQueue<>();
    private final AtomicLong ids = new AtomicLong();

    /** Commits stay open until the test completes them. */
    void holdCommits() {
        onCommit = Committed::answer;
    }

    /** The next message that was committed. */
    Committed next() throws InterruptedException {
        Committed next = commits.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no message was committed within 10 s");
        }
        return next;
    }

    @Override
    public Draft begin(Envelope envelope) throws SpoolException {
        SpoolException.Reason reason = refuseBegin;
        if (reason != null) {
            throw new SpoolException(reason, "as the test wants it");
        }
        begun.incrementAndGet();
        return new MemoryDraft(envelope, new SpoolId(ids.incrementAndGet(), 0));
    }

    private final class MemoryDraft implements Draft {

        private final Envelope envelope;
        private final SpoolId id;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private boolean ended;

        MemoryDraft(Envelope envelope, SpoolId id) {
            this.envelope = envelope;
            this.id = id;
        }

        @Override
        public SpoolId id() {
            return id;
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            if (ended) {
                throw new IOException("written behind the end");
            }
            if (failWrites) {
                throw new IOException("disk gone");
            }
            byte[] octets = new byte[source.remaining()];
            source.get(octets);
            content.writeBytes(octets);
        }

        @Override
        public long size() {
            return content.size();
        }

        @Override
        public CompletionStage<SpoolId> commit() {
            ended = true;
            Committed message = new Committed(
                    id, envelope, content.toString(StandardCharsets.ISO_8859_1), new CompletableFuture<>());
            commits.add(message);
            return onCommit.apply(message).whenComplete((done, error) -> {
                if (error == null) {
                    accepted.add(message);
                }
            });
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                abandoned.incrementAndGet();
            }
        }
    }

    @Override
    public SpoolId submit(Envelope envelope, ContentSource content) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<MessageStatus> find(SpoolId id) {
        return Optional.empty();
    }

    @Override
    public CompletionStage<MessageStatus> await(SpoolId id) {
        return new CompletableFuture<>();
    }

    @Override
    public Cancellation cancel(SpoolId id) {
        return Cancellation.NOT_QUEUED;
    }

    @Override
    public Content content(SpoolId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SpoolId resend(SpoolId id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean reported(SpoolId id, Address recipient, Reply said) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<String> addressTypes() {
        return Set.of();
    }
}
