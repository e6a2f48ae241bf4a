package io.spooler.store.file.queue;

import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.file.codec.Encoder;
import io.spooler.store.file.content.ContentFiles;
import io.spooler.store.file.content.ContentRef;
import io.spooler.store.file.content.ContentWriter;
import io.spooler.store.file.content.Forcer;
import io.spooler.store.file.content.Ids;
import io.spooler.store.file.content.Limits;
import io.spooler.store.file.journal.Append;
import io.spooler.store.file.journal.Journal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way in: drafts of new messages and of new versions. Any thread.
 *
 * <p>Order: content first (in a file of its own, forced, or in the body of the record), then the record, whose force is
 * the commit point; then the heap; then the answer.
 */
public final class Intake {

    private final Queue queue;
    private final QueueIndex index;
    private final Object lock;
    private final Journal journal;
    private final ContentFiles files;
    private final Forcer forcer;
    private final Ids ids;

    /** Commits on their way, by idempotency key. */
    private final Map<String, CompletableFuture<SpoolId>> pending = new HashMap<>();

    /**
     * A way into a queue.
     *
     * @param queue whose
     * @param files for large contents
     * @param forcer makes them durable
     * @param ids for new messages
     */
    public Intake(Queue queue, ContentFiles files, Forcer forcer, Ids ids) {
        this.queue = queue;
        this.index = queue.index();
        this.lock = queue.lock();
        this.journal = queue.journal();
        this.files = files;
        this.forcer = forcer;
        this.ids = ids;
    }

    /**
     * A new message.
     *
     * @param envelope whose
     * @param limits what it may be
     * @return the draft
     * @throws SpoolException NO_RECIPIENTS or TOO_MANY_RECIPIENTS
     */
    public Draft begin(Envelope envelope, Limits limits) throws SpoolException {
        check(envelope, limits);
        SpoolId id = ids.next();
        return new FileDraft(id, writer(id, limits), forcer) {
            @Override
            void append(ContentWriter content, CompletableFuture<SpoolId> stage) throws SpoolException {
                accept(id, envelope, content, stage);
            }
        };
    }

    static void check(Envelope envelope, Limits limits) throws SpoolException {
        int count = envelope.recipients().size();
        if (count == 0) {
            throw new SpoolException(Reason.NO_RECIPIENTS, "the message has no recipients; name at least one");
        }
        if (count > limits.recipients()) {
            throw new SpoolException(
                    Reason.TOO_MANY_RECIPIENTS,
                    count + " recipients are more than max_recipients=" + limits.recipients()
                            + "; send several messages");
        }
    }

    ContentWriter writer(SpoolId file, Limits limits) {
        return new ContentWriter(files, file, limits.inline(), limits.messageSize());
    }

    private void accept(SpoolId id, Envelope envelope, ContentWriter writer, CompletableFuture<SpoolId> stage)
            throws SpoolException {
        journal.awaitRoom();
        Stored stored = Stored.fresh(id, envelope, queue.clock().instant(), writer.ref());
        Accepting record = new Accepting(stored, Records.accepted(stored), writer, stage);
        String key = envelope.options().idempotencyKey();
        if (key == null) {
            journal.append(record);
        } else {
            once(key, () -> List.of(record), writer::discard, stage);
        }
    }

    /** Appends what is made under the lock of the store, unless the key is known; then the content is discarded. */
    @SuppressWarnings("FutureReturnValueIgnored") // the stage carries on what happens
    void once(@Nullable String key, Supplier<List<Append>> group, Runnable discard, CompletableFuture<SpoolId> stage)
            throws SpoolException {
        SpoolId known;
        CompletableFuture<SpoolId> first;
        synchronized (lock) {
            known = key == null ? null : index.keys.get(key);
            first = key == null ? null : pending.get(key);
            if (known == null && first == null) {
                journal.append(group.get());
                if (key != null) {
                    pending.put(key, stage);
                }
                return;
            }
        }
        discard.run();
        if (known != null) {
            stage.complete(known);
        } else if (first != null) {
            first.whenComplete((id, failure) -> {
                if (failure == null) {
                    stage.complete(id);
                } else {
                    stage.completeExceptionally(failure);
                }
            });
        }
    }

    /** The record of a message of which a part is served by copies in front of it; finished, it needs no content. */
    Append served(Stored stored, int copies, ContentWriter writer, CompletableFuture<SpoolId> stage) {
        Encoder head = Records.served(stored, copies);
        return stored.finished() == null
                ? new Accepting(stored, head, writer, stage)
                : new Accepting(stored, head, stage);
    }

    /** A message on its way to the disk. */
    private final class Accepting extends Append {

        private final Stored stored;
        private final CompletableFuture<SpoolId> stage;

        Accepting(Stored stored, Encoder head, ContentWriter writer, CompletableFuture<SpoolId> stage) {
            super(
                    Records.MESSAGE,
                    true,
                    head.octets(),
                    head.size(),
                    writer.body(),
                    writer.bodySize(),
                    writer.bodyCrc());
            this.stored = stored;
            this.stage = stage;
        }

        Accepting(Stored stored, Encoder head, CompletableFuture<SpoolId> stage) {
            super(Records.MESSAGE, true, head.octets(), head.size());
            this.stored = stored;
            this.stage = stage;
        }

        @Override
        protected void recorded() {
            Entry entry = new Entry(stored.id());
            entry.position = position();
            entry.ledger = position();
            entry.size = size();
            index.usage.add(position(), size());
            if (stored.finished() == null) {
                index.insert(entry, stored);
            } else {
                index.insertFinished(entry, stored);
            }
            unkey();
        }

        private void unkey() {
            String key = stored.envelope().options().idempotencyKey();
            if (key != null) {
                pending.remove(key);
            }
        }

        @Override
        protected void done() {
            stage.complete(stored.id());
        }

        @Override
        protected void failed(SpoolException reason) {
            synchronized (lock) {
                unkey();
            }
            stage.completeExceptionally(reason);
        }
    }

    Ids ids() {
        return ids;
    }

    Forcer forcer() {
        return forcer;
    }

    Instant now() {
        return queue.clock().instant();
    }

    void awaitRoom() throws SpoolException {
        journal.awaitRoom();
    }

    /**
     * A new version of a claimed message.
     *
     * @param claim must hold, now and at the commit
     * @param limits what it may be
     * @return the draft
     * @throws SpoolException NOT_FOUND
     */
    public Draft revise(Claim claim, Limits limits) throws SpoolException {
        synchronized (lock) {
            queue.held(claim, queue.clock().instant());
        }
        return new FileDraft(claim.message().id(), writer(ids.next(), limits), forcer) {
            @Override
            void append(ContentWriter writer, CompletableFuture<SpoolId> stage) throws SpoolException {
                journal.awaitRoom();
                synchronized (lock) {
                    Instant now = queue.clock().instant();
                    revise(queue.held(claim, now), writer, stage);
                }
            }
        };
    }

    private void revise(Lease lease, ContentWriter writer, CompletableFuture<SpoolId> stage) throws SpoolException {
        Stored before = lease.stored;
        Stored after = before.with(before.accepted(), writer.ref());
        Revising record = new Revising(lease.entry, before.revised(), Records.state(after, 0), writer, stage);
        journal.append(record);
        lease.stored = before.with(before.accepted(), writer.ref().placed(record.bodyPosition()));
        lease.woken = false;
        if (writer.isInFile()) {
            lease.entry.inFile();
        }
        lease.entry.ledger = record.position();
        lease.entry.chain = 0;
    }

    /** A new version on its way to the disk. */
    private final class Revising extends Append {

        private final Entry entry;
        private final @Nullable ContentRef former;
        private final CompletableFuture<SpoolId> stage;

        Revising(
                Entry entry,
                @Nullable ContentRef former,
                Encoder head,
                ContentWriter writer,
                CompletableFuture<SpoolId> stage) {
            super(Records.STATE, true, head.octets(), head.size(), writer.body(), writer.bodySize(), writer.bodyCrc());
            this.entry = entry;
            this.former = former;
            this.stage = stage;
        }

        @Override
        protected void recorded() {
            index.recorded(entry, position());
        }

        @Override
        protected void done() {
            if (former != null) {
                files.delete(former);
            }
            stage.complete(entry.id());
        }

        @Override
        protected void failed(SpoolException reason) {
            stage.completeExceptionally(reason);
        }
    }
}
