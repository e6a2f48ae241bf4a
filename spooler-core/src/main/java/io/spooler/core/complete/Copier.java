package io.spooler.core.complete;

import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.claim.Window;
import io.spooler.core.io.DraftStream;
import io.spooler.core.loop.Clerks;
import io.spooler.core.loop.Loop;
import io.spooler.core.report.ReadReport;
import io.spooler.store.Folders;
import io.spooler.store.Folders.Filing;
import io.spooler.store.Message;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files the sender's copy before its message is completed. Its id follows from that of the message: after a crash in
 * between it is there already, and no second one is made. Its methods run on the loop, the copying on a clerk.
 *
 * <p>Failures: tried again every minute while the store says that this can help, else a few times; then the message is
 * completed without a copy, and the log says so.
 */
public final class Copier {

    private static final Logger LOG = LoggerFactory.getLogger(Copier.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int MOST_TRIES = 5;

    private final Loop loop;
    private final Clock clock;
    private final Window window;
    private final Clerks clerks;

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param window what is in work
     * @param clerks copy
     */
    public Copier(Loop loop, Clock clock, Window window, Clerks clerks) {
        this.loop = loop;
        this.clock = clock;
        this.window = window;
        this.clerks = clerks;
    }

    /**
     * Files what was accepted.
     *
     * @param active all of whose recipients are final
     * @param target where to, or null for nowhere
     * @param done run on the loop when the message may be completed; never if it was dropped meanwhile
     */
    void file(ActiveMessage active, @Nullable Filing target, Runnable done) {
        if (target == null) {
            done.run();
        } else {
            attempt(active, target, 1, done);
        }
    }

    private void attempt(ActiveMessage active, Filing target, int number, Runnable done) {
        if (!active.isDropped() && !clock.instant().isBefore(active.claim().until())) {
            // Another claim will file it.
            window.drop(active);
        }
        if (active.isDropped()) {
            return;
        }
        Message message = active.message();
        Folders folders = active.store().store().folders();
        clerks.ask(() -> copy(message, folders, target))
                .thenCompose(stage -> stage)
                .whenComplete((entry, error) -> loop.execute(() -> {
                    if (error != null) {
                        failed(active, target, number, done, error);
                    } else {
                        LOG.info("{} filed in {}/{} as {}", message.id(), entry.mailbox(), entry.folder(), entry.id());
                        done.run();
                    }
                }));
    }

    private static CompletionStage<Mailboxes.Entry> copy(Message message, Folders folders, Filing target) {
        SpoolId id = message.id().sentCopy();
        Optional<Mailboxes.Entry> before = folders.entry(id);
        if (before.isPresent()) {
            return CompletableFuture.completedFuture(before.get());
        }
        try (Folders.Incoming incoming = folders.receive(id);
                InputStream content = message.accepted().open()) {
            content.transferTo(new DraftStream(incoming));
            return incoming.file(silent(target));
        } catch (SpoolException | IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Copies never report that they were read (R62). */
    private static Filing silent(Filing target) {
        Set<String> flags = new HashSet<>(target.flags());
        flags.add(ReadReport.SENT);
        return new Filing(target.mailbox(), target.folder(), target.messageClass(), target.sender(), flags);
    }

    private void failed(ActiveMessage active, Filing target, int number, Runnable done, Throwable error) {
        Throwable cause = error.getCause() instanceof SpoolException e ? e : error;
        boolean temporary =
                cause instanceof SpoolException refused && refused.reason().isTemporary();
        if (!temporary && number >= MOST_TRIES) {
            LOG.error("{}: the sender's copy cannot be kept: {}", active.id(), cause.toString());
            done.run();
            return;
        }
        LOG.error("{}: the sender's copy is not filed, tried again in {}: {}", active.id(), PAUSE, cause.toString());
        loop.after(PAUSE, () -> attempt(active, target, temporary ? number : number + 1, done));
    }
}
