package io.spooler.core.report;

import io.spooler.Address;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.io.DraftStream;
import io.spooler.core.loop.Clerks;
import io.spooler.store.Message;
import io.spooler.store.Settlement.Transition;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells senders what they asked to be told (RFC 3461), through the spooler like any message. A report is durable before
 * what it says is recorded; its idempotency key keeps a crash in between from making two of it. What there is to say is
 * decided on the loop; a clerk reads the original and writes the report.
 *
 * <p>A report has no sender, and a message without sender causes none unless it names who wants to read it (R63). A report that cannot be delivered goes to
 * the postmaster; if that fails, too, the log says so and nothing else happens.
 */
public final class Reporter {

    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
    private static final int BUFFER = 8 * 1024;
    private static final String REPORT = "report/";
    private static final String POSTMASTER = "postmaster/";

    private final Clock clock;
    private final Clerks clerks;
    private final String host;
    private final Outbox outbox;
    private final Supplier<ReportSettings> settings;

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
     * @param clerks write the reports
     * @param host the name of this system
     * @param outbox where reports are submitted
     * @param settings as they are now
     */
    public Reporter(Clock clock, Clerks clerks, String host, Outbox outbox, Supplier<ReportSettings> settings) {
        this.clock = clock;
        this.clerks = clerks;
        this.host = host;
        this.outbox = outbox;
        this.settings = settings;
    }

    /**
     * Reports what is about to be recorded, as far as somebody wants to know; all in one report.
     *
     * @param message in work
     * @param transitions what happened
     * @return completes when the report is durable, exceptionally if it could not be kept; empty if none is due
     */
    public Optional<CompletionStage<@Nullable Void>> report(ActiveMessage message, List<Transition> transitions) {
        Instant now = clock.instant();
        List<News> news = new ArrayList<>(0);
        for (Transition t : transitions) {
            News about = about(message, t, now);
            if (about != null) {
                news.add(about);
            }
        }
        if (news.isEmpty()) {
            return Optional.empty();
        }
        Address reader = reader(message.message().envelope());
        return reader == null
                ? undeliverable(message.message(), news)
                : Optional.of(send(message.message(), news, reader, REPORT));
    }

    /** The report recipient, if there is one, else the sender (R61); a report has neither. */
    private static @Nullable Address reader(Envelope envelope) {
        Address named = envelope.options().reportTo();
        return named == null ? envelope.sender() : named;
    }

    /** What there is to say of one recipient to somebody who wants to know; null if nothing. */
    private @Nullable News about(ActiveMessage message, Transition t, Instant now) {
        RecipientStatus before = message.recipient(t.recipient());
        Kind kind = Kind.of(t.state());
        if (kind == null && isLate(message, t, now)) {
            kind = Kind.DELAYED;
        }
        if (kind == null || !before.recipient().wants(kind.occasion())) {
            return null;
        }
        if (kind == Kind.RELAYED && message.isReportedElsewhere(t.recipient())) {
            return null;
        }
        RecipientStatus status = new RecipientStatus(
                before.recipient(),
                t.state(),
                before.attempts(),
                t.due(),
                now,
                t.transport() == null ? before.transport() : t.transport(),
                t.reply() == null ? before.reply() : t.reply());
        return new News(
                t.recipient(),
                kind,
                status,
                t.attempted() ? now : null,
                t.attempted() ? message.server(t.recipient()).orElse(null) : null,
                kind == Kind.DELAYED ? until(message.message(), t) : null);
    }

    /**
     * Tells whether a record is the one by which a recipient becomes late.
     *
     * @param message in work, before the record
     * @param t the record
     * @param now the present time
     * @return true if so
     */
    public boolean isLate(ActiveMessage message, Transition t, Instant now) {
        return Delay.concerns(t.state())
                && Delay.isNew(
                        message.message(),
                        message.recipient(t.recipient()),
                        settings.get().delay(),
                        now);
    }

    private Instant until(Message message, Transition t) {
        Instant own = message.envelope().options().expires();
        Instant due = t.due();
        if (own != null) {
            return own;
        }
        return t.state() == RecipientState.WAITING && due != null
                ? due
                : message.submitted().plus(settings.get().maxAge());
    }

    /** What has no sender is told to nobody, but for our own reports: the postmaster should know of those. */
    private Optional<CompletionStage<@Nullable Void>> undeliverable(Message message, List<News> news) {
        List<News> failures = news.stream().filter(n -> n.kind().isFailure()).toList();
        String key = message.envelope().options().idempotencyKey();
        if (failures.isEmpty()) {
            return Optional.empty();
        }
        if (key != null && key.startsWith(REPORT)) {
            LOG.warn("{}: a report could not be delivered, the postmaster is told", message.id());
            return Optional.of(send(message, failures, settings.get().postmaster(), POSTMASTER));
        }
        if (key != null && key.startsWith(POSTMASTER)) {
            LOG.error(
                    "{}: the postmaster {} cannot be reached; a report that could not be delivered either is dropped",
                    message.id(),
                    failures.get(0).status().recipient().address());
        } else {
            LOG.warn("{}: {} recipients failed, nobody is told: it has no sender", message.id(), failures.size());
        }
        return Optional.empty();
    }

    private CompletionStage<@Nullable Void> send(Message message, List<News> news, Address to, String prefix) {
        return clerks.ask(() -> write(message, news, to, prefix))
                .thenCompose(durable -> durable)
                .thenApply(id -> {
                    LOG.info("{}: {} told to {} by {}", message.id(), kinds(news), to, id);
                    return null;
                });
    }

    /** On a clerk. Whatever is wrong with the original, the sender is told: then without it. */
    private CompletionStage<SpoolId> write(Message message, List<News> news, Address to, String prefix)
            throws SpoolException, IOException {
        ReportSettings set = settings.get();
        String key = prefix + message.id() + "/" + digest(news);
        Envelope.Priority priority = message.envelope().options().priority();
        try {
            return submit(new Report(message, news, to, host, set), to, key, priority);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            LOG.error("{}: cannot be read for its report, which goes out without it", message.id(), e);
            return submit(Report.without(message, news, to, host, set), to, key, priority);
        }
    }

    private CompletionStage<SpoolId> submit(Report report, Address to, String key, Envelope.Priority priority)
            throws SpoolException, IOException {
        try (Draft draft = outbox.begin(envelope(to, key, report.isInternational(), priority))) {
            try (OutputStream out = new BufferedOutputStream(new DraftStream(draft), BUFFER)) {
                report.writeTo(out, draft.id().toString(), clock.instant());
            }
            return draft.commit();
        }
    }

    /** No sender, so that it can never cause another report (R63, RFC 3464 section 2); as urgent as the original (R61). */
    private static Envelope envelope(Address to, String key, boolean utf8, Envelope.Priority priority) {
        Envelope.Options options = new Envelope.Options(null, null, key, null, null, utf8).withPriority(priority);
        return Envelope.of(null, List.of(to)).with(options);
    }

    /** Names what is said: the same recipients come to the same end together only once. */
    private static UUID digest(List<News> news) {
        String text = news.stream().map(n -> n.number() + " " + n.kind()).collect(Collectors.joining(","));
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String kinds(List<News> news) {
        return news.stream().map(n -> n.kind().name()).distinct().collect(Collectors.joining(", "));
    }
}
