package io.spooler.core.client;

import io.spooler.Content;
import io.spooler.Draft;
import io.spooler.Mailboxes;
import io.spooler.SpoolException;
import io.spooler.core.io.DraftStream;
import io.spooler.core.report.ReadReport;
import io.spooler.core.report.Reporter;
import io.spooler.store.Folders;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports of reading (R62), where an administrator wants them: at most one for a message, since the flag that says so is
 * durable before the report is submitted; none for a sender's own copy, which has that flag from the beginning. Any thread; blocks for
 * the disk.
 */
public final class Receipts {

    private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);
    private static final String SEEN = "\\Seen";

    private final Reporter.Outbox outbox;
    private final Clock clock;
    private final String host;
    private final BooleanSupplier wanted;
    private final Supplier<String> language;

    /**
     * Assigns.
     *
     * @param outbox takes reports
     * @param clock the time
     * @param host the name of this system
     * @param wanted whether to report at all
     * @param language of the text for people
     */
    public Receipts(
            Reporter.Outbox outbox, Clock clock, String host, BooleanSupplier wanted, Supplier<String> language) {
        this.outbox = outbox;
        this.clock = clock;
        this.host = host;
        this.wanted = wanted;
        this.language = language;
    }

    boolean mark(Folders folders, Mailboxes.Entry entry, Set<String> flags) throws SpoolException {
        Set<String> all = new HashSet<>(flags);
        boolean sent = entry.flags().contains(ReadReport.SENT);
        Optional<ReadReport> report = flags.contains(SEEN) ? due(folders, entry, true) : Optional.empty();
        if (sent || report.isPresent()) {
            all.add(ReadReport.SENT); // Nobody takes it off: it is what keeps a second report away.
        }
        boolean changed = folders.mark(entry.id(), all);
        if (changed) {
            report.ifPresent(this::send);
        }
        return changed;
    }

    boolean delete(Folders folders, Mailboxes.Entry entry) throws SpoolException {
        Optional<ReadReport> report = due(folders, entry, false);
        boolean deleted = folders.delete(entry.id());
        if (deleted) {
            report.ifPresent(this::send);
        }
        return deleted;
    }

    private Optional<ReadReport> due(Folders folders, Mailboxes.Entry entry, boolean read) {
        Set<String> flags = entry.flags();
        if (!wanted.getAsBoolean() || flags.contains(SEEN) || flags.contains(ReadReport.SENT) || isHeader(flags)) {
            return Optional.empty();
        }
        try {
            Optional<Content> content = folders.content(entry.id());
            return content.isPresent() ? ReadReport.of(entry, content.get(), read) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} cannot be read: whether its sender wants a report of reading is not known", entry.id(), e);
            return Optional.empty();
        }
    }

    /** Of a header nobody has read the message; and it goes when the message comes. */
    private static boolean isHeader(Set<String> flags) {
        return flags.stream().anyMatch(flag -> flag.startsWith(Mailboxes.REMOTE));
    }

    /** What fails is not sent: none is better than two. */
    private void send(ReadReport report) {
        try (Draft draft = outbox.begin(report.envelope())) {
            try (OutputStream target = new DraftStream(draft)) {
                report.writeTo(target, draft.id().toString(), host, language.get(), clock.instant());
            }
            draft.commit().toCompletableFuture().join();
        } catch (SpoolException | IOException | RuntimeException e) {
            LOG.warn("a report of reading was not sent: {}", e.toString());
        }
    }
}
