package io.spooler.core.receive;

import io.spooler.Fate;
import io.spooler.Mailboxes;
import io.spooler.Origins;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.core.loop.Loop;
import io.spooler.core.receive.Postprocessing.Result;
import io.spooler.store.Folders;
import io.spooler.transport.Inlet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message coming in: postprocess, file, tell, in this order. One thread at a time until it is committed, and the loop
 * when its time has passed: the state says which of the two closes what was written. Its turn ends once, however it ends.
 */
final class Intake implements Inlet.Reception {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    /** Where it is. */
    private enum State {
        OPEN,
        WRITING,
        COMMITTED,
        CLOSED,
        LATE
    }

    private final Folders.Incoming incoming;
    private final Origins origins;
    private final long store;
    private final Inlet.Arrival arrival;
    private final Postprocessing hooks;
    private final Doors.Means means;
    private final long limit;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private Loop.@Nullable Timer timer; // owned by the loop
    private @Nullable SpoolException refusal;

    Intake(
            Folders.Incoming incoming,
            Origins origins,
            long store,
            Inlet.Arrival arrival,
            Postprocessing hooks,
            Doors.Means means,
            long limit) {
        this.incoming = incoming;
        this.origins = origins;
        this.store = store;
        this.arrival = arrival;
        this.hooks = hooks;
        this.means = means;
        this.limit = limit;
    }

    /** Begins to count the time for this message; on the loop. */
    void watch(Duration timeout) {
        timer = means.loop().after(timeout, this::expire);
    }

    private void expire() {
        if (state.compareAndSet(State.OPEN, State.LATE)) {
            LOG.warn("a message of {} for {} has taken too long", arrival.transport(), arrival.mailbox());
            means.workers().execute(this::drop);
            means.done();
        } else {
            state.compareAndSet(State.WRITING, State.LATE);
        }
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        if (!state.compareAndSet(State.OPEN, State.WRITING)) {
            throw new IOException(ended());
        }
        try {
            if (incoming.size() + source.remaining() > limit) {
                refusal = new SpoolException(Reason.TOO_LARGE, "the message is larger than " + limit + " octets");
                throw new IOException(refusal);
            }
            incoming.write(source);
        } finally {
            if (!state.compareAndSet(State.WRITING, State.OPEN)) {
                discard();
            }
        }
    }

    private SpoolException ended() {
        return state.get() == State.LATE
                ? new SpoolException(Reason.NOT_NOW, "the message has taken too long")
                : new SpoolException(Reason.NOT_NOW, "the message is committed or closed already");
    }

    private void discard() {
        drop();
        done();
    }

    /** Its file, which is called by its id, is gone before another may have that. */
    private void drop() {
        incoming.close();
        free();
    }

    private void free() {
        if (arrival.id() != null) {
            means.free(arrival.id());
        }
    }

    private void done() {
        means.loop().execute(() -> {
            if (timer != null) {
                timer.cancel();
            }
        });
        means.done();
    }

    @Override
    public long size() {
        return incoming.size();
    }

    @Override
    public void close() {
        if (state.compareAndSet(State.OPEN, State.CLOSED)) {
            discard();
        }
    }

    @Override
    public CompletionStage<Optional<Mailboxes.Entry>> commit() {
        if (!state.compareAndSet(State.OPEN, State.COMMITTED)) {
            return CompletableFuture.failedFuture(ended());
        }
        if (refusal != null) {
            discard();
            return CompletableFuture.failedFuture(refusal);
        }
        return hooks.isEmpty() ? file(hooks.byClass()) : postprocess().thenCompose(this::end);
    }

    /** Ends by result or by time. No interrupt: it would close files of the store that others read. */
    private CompletableFuture<Result> postprocess() {
        CompletableFuture<Result> result = new CompletableFuture<>();
        means.loop().execute(() -> {
            Loop.Timer overrun = means.loop().after(hooks.limit(), () -> overrun(result));
            CompletionStage<Result> end = result;
            end.thenRun(() -> means.loop().execute(overrun::cancel));
        });
        means.workers().execute(() -> {
            try {
                result.complete(hooks.run(incoming.id(), incoming.content()));
            } catch (IOException e) {
                result.complete(hooks.quarantine("its content cannot be read back: " + e));
            }
        });
        return result;
    }

    private void overrun(CompletableFuture<Result> result) {
        if (!result.isDone()) {
            result.complete(hooks.overrun());
        }
    }

    private CompletionStage<Optional<Mailboxes.Entry>> end(Result result) {
        return result.removed().isEmpty() ? file(result) : removed(result);
    }

    /** A message that is gone must not be fetched again either. On a worker. */
    private CompletionStage<Optional<Mailboxes.Entry>> removed(Result result) {
        try {
            if (arrival.origin() != null) {
                origins.remember(arrival.origin());
            }
        } catch (SpoolException e) {
            discard();
            return CompletableFuture.failedFuture(e);
        }
        LOG.info("{} for {} removed by the postprocessor {}", incoming.id(), arrival.mailbox(), result.removed());
        means.fates()
                .put(new Fate(
                        incoming.id(),
                        means.clock().instant(),
                        Fate.Kind.REMOVED,
                        arrival.mailbox(),
                        "",
                        "by the postprocessor " + result.removed()));
        discard();
        return CompletableFuture.completedFuture(Optional.empty());
    }

    private CompletionStage<Optional<Mailboxes.Entry>> file(Result result) {
        String box = Arrivals.box(store, result.target().mailbox());
        long ticket = means.arrivals().begin(box);
        return filed(result.target()).handle((entry, error) -> {
            if (entry != null) {
                LOG.info("{} filed in {}/{} by {}", entry.id(), entry.mailbox(), entry.folder(), arrival.transport());
                means.fates().put(Fate.of(entry));
            }
            means.arrivals().end(box, ticket, entry);
            free();
            done();
            if (entry == null) {
                throw error instanceof CompletionException wrapped ? wrapped : new CompletionException(error);
            }
            return Optional.of(entry);
        });
    }

    private CompletionStage<Mailboxes.Entry> filed(Folders.Filing target) {
        try {
            return incoming.file(target, arrival.origin());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
