package io.spooler.hooks;

import io.spooler.Address;
import io.spooler.MessageStatus;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.Spooler;
import io.spooler.hook.HookProperties;
import io.spooler.hook.IncomingMessage;
import io.spooler.hook.PostProcessor;
import io.spooler.hook.Verdict;
import io.spooler.store.Folders.Filing;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Says of a report that came in what it is about. Its message class becomes that of its kind; and if it is about a message
 * of ours, of which the ledger still knows, and about a recipient of it, a flag says so:
 * {@code about: ID ACTION ADDRESS STATUS}. So whoever hears of the arrival learns what has become of that message; whoever looks at
 * its ledger, or listens to what becomes of it, learns it by {@link Spooler#reported}.
 *
 * <p>Any thread; blocks for the disk. Known limit: anybody can send a report; it changes no state.
 */
@Component(
        service = PostProcessor.class,
        immediate = true,
        property = {HookProperties.NAME + "=" + Reports.NAME, "service.ranking:Integer=150"})
public final class Reports implements PostProcessor {

    static final String NAME = "reports";

    private static final String CLASS = "Report.IPM.Note.";
    private static final int MOST_FLAGS = 10;
    private static final Set<String> ACTIONS = Set.of("failed", "delayed", "delivered", "relayed", "expanded");

    /** Knows the ledgers; null while there is no core. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Spooler spooler;

    @Override
    public Verdict process(IncomingMessage message) throws IOException {
        String type = MailHeader.read(message.content()).first("Content-Type").toLowerCase(Locale.ROOT);
        if (!type.startsWith("multipart/report")) {
            return Verdict.CONTINUE;
        }
        IncomingReport report = IncomingReport.read(message.content());
        if (report.blocks().isEmpty()) {
            return Verdict.CONTINUE;
        }
        Filing target = message.target();
        Set<String> flags = new HashSet<>(target.flags());
        ledger(report).ifPresent(status -> {
            for (About about : about(report, status)) {
                flags.add("about: " + status.id() + " " + about.action() + " " + about.recipient() + about.code());
                tell(status.id(), about);
            }
        });
        return new Verdict(
                new Filing(target.mailbox(), target.folder(), CLASS + kind(report), target.sender(), flags),
                false,
                false);
    }

    private Optional<MessageStatus> ledger(IncomingReport report) {
        Spooler present = spooler;
        if (present == null) {
            return Optional.empty();
        }
        for (SpoolId id : report.candidates()) {
            Optional<MessageStatus> found = present.find(id);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static String kind(IncomingReport report) {
        if (report.reading()) {
            return action(report, report.blocks().get(0)).equals("displayed") ? "IPNRN" : "IPNNRN";
        }
        List<String> actions =
                report.blocks().stream().map(block -> action(report, block)).toList();
        return actions.contains("failed") ? "NDR" : actions.contains("delayed") ? "Delayed" : "DR";
    }

    private static String action(IncomingReport report, MailHeader block) {
        if (report.reading()) {
            String disposition = block.first("Disposition").toLowerCase(Locale.ROOT);
            return disposition.contains("displayed") ? "displayed" : disposition.contains("deleted") ? "deleted" : "";
        }
        String action = block.first("Action").toLowerCase(Locale.ROOT);
        return ACTIONS.contains(action) ? action : "";
    }

    /**
     * What a report says of a recipient.
     *
     * @param recipient of ours
     * @param action what has become of the message
     * @param code a space and the enhanced status code, or empty
     * @param detail the words of another system, perhaps empty
     */
    private record About(Address recipient, String action, String code, String detail) {

        private Reply reply() {
            String ours = action.equals("failed") ? "5.0.0" : action.equals("delayed") ? "4.0.0" : "2.0.0";
            String text = "a report says: " + action + (detail.isEmpty() ? "" : ", " + detail);
            return new Reply(code.isEmpty() ? ours : code.substring(1), text);
        }
    }

    private static List<About> about(IncomingReport report, MessageStatus status) {
        return report.blocks().stream()
                .filter(block -> !action(report, block).isEmpty())
                .flatMap(block -> recipient(block, status).stream()
                        .map(address -> new About(
                                address, action(report, block), status(block), block.first("Diagnostic-Code"))))
                .limit(MOST_FLAGS)
                .toList();
    }

    private void tell(SpoolId id, About about) {
        Spooler present = spooler;
        if (present != null) {
            present.reported(id, about.recipient(), about.reply());
        }
    }

    /** A recipient of the message, by the address that its sender used, or the one that it became. */
    private static Optional<Address> recipient(MailHeader block, MessageStatus status) {
        Set<String> named = new HashSet<>();
        for (String field : List.of("Original-Recipient", "Final-Recipient")) {
            String body = block.first(field);
            named.add(body.substring(body.indexOf(';') + 1).strip().toLowerCase(Locale.ROOT));
        }
        return status.recipients().stream()
                .map(r -> r.recipient().address())
                .filter(address -> named.contains(address.value().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private static String status(MailHeader block) {
        String status = Reply.clean(block.first("Status"));
        return status.matches("[245]\\.\\d{1,3}\\.\\d{1,3}.*") ? " " + status.split("[^0-9.]", 2)[0] : "";
    }
}
