package io.spooler.shell;

import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows ledgers: for programs with stable field names, for people as tables. Pure. */
final class Ledger {

    private Ledger() {}

    /**
     * A ledger for programs.
     *
     * @param status the ledger
     * @return id, sender, submitted, size, complete, recipients
     */
    static Map<String, @Nullable Object> json(MessageStatus status) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("id", status.id().toString());
        map.put("sender", Texts.exact(status.sender()));
        map.put("submitted", Texts.exact(status.submitted()));
        map.put("size", status.size());
        map.put("complete", status.complete());
        map.put("recipients", status.recipients().stream().map(Ledger::json).toList());
        return map;
    }

    private static Map<String, @Nullable Object> json(RecipientStatus status) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("address", status.recipient().address().toString());
        map.put("state", status.state().name());
        map.put("attempts", status.attempts());
        map.put("due", Texts.exact(status.due()));
        map.put("changed", Texts.exact(status.changed()));
        map.put("transport", status.transport());
        map.put("status", status.reply() == null ? null : status.reply().status());
        map.put("text", status.reply() == null ? null : status.reply().text());
        return map;
    }

    /**
     * One ledger for people.
     *
     * @param status the ledger
     * @return a head of a few lines and one line per recipient
     */
    static String text(MessageStatus status) {
        Table recipients = new Table("RECIPIENT", "STATE", "ATTEMPTS", "NEXT", "TRANSPORT", "REPLY");
        for (RecipientStatus r : status.recipients()) {
            recipients.row(
                    r.recipient().address(), r.state(), r.attempts(), Texts.time(r.due()), r.transport(), r.reply());
        }
        Table head = new Table("id", status.id())
                .row("sender", sender(status))
                .row("submitted", Texts.time(status.submitted()))
                .row("size", status.size())
                .row("complete", status.complete() ? "yes" : "no");
        return head + "\n\n" + recipients;
    }

    /**
     * Many ledgers for people.
     *
     * @param all the ledgers
     * @return one line per message
     */
    static String list(List<MessageStatus> all) {
        Table table = new Table("ID", "SUBMITTED", "SIZE", "SENDER", "RECIPIENTS", "STATES", "NEXT");
        for (MessageStatus status : all) {
            table.row(
                    status.id(),
                    Texts.time(status.submitted()),
                    status.size(),
                    sender(status),
                    recipients(status),
                    states(status),
                    Texts.time(next(status)));
        }
        return table.toString();
    }

    private static String sender(MessageStatus status) {
        return status.sender() == null ? "<>" : status.sender().toString();
    }

    private static String recipients(MessageStatus status) {
        List<RecipientStatus> all = status.recipients();
        String first = all.isEmpty() ? "" : all.get(0).recipient().address().toString();
        return all.size() < 2 ? first : first + " +" + (all.size() - 1);
    }

    private static String states(MessageStatus status) {
        Map<RecipientState, Integer> counts = new EnumMap<>(RecipientState.class);
        status.recipients().forEach(r -> counts.merge(r.state(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(e -> e.getValue() == 1 ? e.getKey().name() : e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
    }

    private static @Nullable Instant next(MessageStatus status) {
        return status.recipients().stream()
                .filter(r -> !r.state().isFinal())
                .map(RecipientStatus::due)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }
}
