package io.spooler.core.receive;

import io.spooler.Mailboxes;
import io.spooler.SpoolEvent;
import io.spooler.core.event.Events;
import io.spooler.core.registry.HookEntry;
import io.spooler.hook.IncomingMessage;
import io.spooler.hook.PostProcessor;
import io.spooler.hook.Verdict;
import io.spooler.store.Folders;
import io.spooler.transport.Inlet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One message coming in: postprocess, file, tell, in this order. One thread at a time until it is committed. */
final class Intake implements Inlet.Reception {

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final String QUARANTINE = "Quarantine";

    private final Folders.Incoming incoming;
    private final Inlet.Arrival arrival;
    private final List<HookEntry<PostProcessor>> hooks;
    private final Executor workers;
    private final Events events;
    private final Clock clock;
    private final Runnable ended;
    private final AtomicBoolean over = new AtomicBoolean();
    private boolean committed;
    private Folders.Filing target;

    Intake(
            Folders.Incoming incoming,
            Inlet.Arrival arrival,
            Folders.Filing target,
            List<HookEntry<PostProcessor>> hooks,
            Executor workers,
            Events events,
            Clock clock,
            Runnable ended) {
        this.incoming = incoming;
        this.arrival = arrival;
        this.target = target;
        this.hooks = hooks;
        this.workers = workers;
        this.events = events;
        this.clock = clock;
        this.ended = ended;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        incoming.write(source);
    }

    @Override
    public long size() {
        return incoming.size();
    }

    @Override
    public void close() {
        incoming.close();
        if (!committed) {
            end();
        }
    }

    private void end() {
        if (over.compareAndSet(false, true)) {
            ended.run();
        }
    }

    @Override
    public CompletionStage<Optional<Mailboxes.Entry>> commit() {
        committed = true;
        CompletionStage<Optional<Mailboxes.Entry>> filed = hooks.isEmpty()
                ? file()
                : CompletableFuture.supplyAsync(this::postprocess, workers)
                        .thenCompose(keep -> keep ? file() : removed());
        return filed.whenComplete((entry, error) -> end());
    }

    private CompletionStage<Optional<Mailboxes.Entry>> removed() {
        incoming.close();
        return CompletableFuture.completedFuture(Optional.empty());
    }

    private CompletionStage<Optional<Mailboxes.Entry>> file() {
        return incoming.file(target).thenApply(entry -> {
            LOG.info("{} filed in {}/{} by {}", entry.id(), entry.mailbox(), entry.folder(), arrival.transport());
            events.emit(new SpoolEvent.Arrived(entry.id(), clock.instant(), entry));
            return Optional.of(entry);
        });
    }

    /** False if a hook removed the message. A hook that throws leaves it safe in quarantine. */
    private boolean postprocess() {
        boolean delete = false;
        try {
            for (HookEntry<PostProcessor> entry : hooks) {
                Verdict verdict =
                        entry.hook().process(new IncomingMessage(arrival.transport(), target, incoming.content()));
                if (verdict.target() != null) {
                    target = verdict.target();
                }
                delete |= verdict.delete();
                if (verdict.cancel()) {
                    break;
                }
            }
            return !delete;
        } catch (Exception | LinkageError e) {
            LOG.error("a postprocessor failed; message for {} goes to {}", arrival.mailbox(), QUARANTINE, e);
            target = new Folders.Filing(
                    arrival.mailbox(), QUARANTINE, arrival.messageClass(), arrival.sender(), target.flags());
            return true;
        }
    }
}
