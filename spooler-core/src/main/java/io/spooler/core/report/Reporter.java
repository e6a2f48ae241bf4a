package io.spooler.core.report;

import io.spooler.Address;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.RecipientStatus;
import io.spooler.SpoolException;
import io.spooler.core.io.DraftStream;
import io.spooler.store.Message;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells senders of failures, through the spooler like any message. A report is durable before the failure is recorded;
 * its idempotency key keeps a crash in between from making two of it.
 */
public final class Reporter {

    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

    private final Clock clock;
    private final String host;
    private final Outbox outbox;

    /** Where reports are submitted. */
    @FunctionalInterface
    public interface Outbox {

        /**
         * Begins a message.
         *
         * @param envelope who to
         * @return the draft
         * @throws SpoolException if it is refused
         */
        Draft begin(Envelope envelope) throws SpoolException;
    }

    /**
     * Assigns.
     *
     * @param clock the time
     * @param host the name of this system
     * @param outbox where reports are submitted
     */
    public Reporter(Clock clock, String host, Outbox outbox) {
        this.clock = clock;
        this.host = host;
        this.outbox = outbox;
    }

    /**
     * Reports failures to the sender, unless there is none (a report never causes a report) or it did not want to know.
     *
     * @param message the original
     * @param failures recipients that are about to be recorded as failed
     * @param round tells apart reports about the same message
     * @return completes when the report is durable, or at once if none is due; exceptionally if it could not be kept
     */
    public CompletionStage<@Nullable Void> failed(Message message, List<RecipientStatus> failures, String round) {
        Address sender = message.envelope().sender();
        List<RecipientStatus> wanted = failures.stream()
                .filter(failure -> failure.recipient().wantsFailureReport())
                .toList();
        if (sender == null || wanted.isEmpty()) {
            LOG.warn("{}: {} recipients failed, nobody is told", message.id(), failures.size());
            return CompletableFuture.completedFuture(null);
        }
        try (Draft draft = outbox.begin(FailureReport.envelope(sender, "report/" + message.id() + "/" + round))) {
            new FailureReport(message, wanted, host, clock.instant()).writeTo(new DraftStream(draft));
            return draft.commit().thenApply(id -> {
                LOG.info("{}: failure reported to {} as {}", message.id(), sender, id);
                return null;
            });
        } catch (SpoolException | IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
