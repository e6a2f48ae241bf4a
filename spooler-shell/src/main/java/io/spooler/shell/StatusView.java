package io.spooler.shell;

import io.spooler.RecipientState;
import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.admin.SpoolStatus;
import io.spooler.admin.SpoolStatus.Failure;
import io.spooler.admin.SpoolStatus.HookRow;
import io.spooler.admin.SpoolStatus.SpoolerRow;
import io.spooler.admin.SpoolStatus.StoreRow;
import io.spooler.admin.SpoolStatus.TransportRow;
import io.spooler.transport.TransportProvider.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows how the whole is: for programs with stable field names, for people as tables. Pure. */
final class StatusView {

    private StatusView() {}

    static String text(SpoolStatus status) {
        return String.join(
                "\n\n",
                spooler(status.spooler()),
                stores(status.stores()),
                transports(status),
                hooks(status.hooks()),
                "Recipients in work: " + status.active() + "\n" + waiting(status.waiting()));
    }

    private static String spooler(SpoolerRow row) {
        return new Table("SPOOLER", "CONDITION", "IN FLIGHT", "OPERATIONS", "TEXT")
                .row(
                        "spooler",
                        row.status().condition(),
                        row.inFlight(),
                        names(row.operations()),
                        row.status().text())
                .toString();
    }

    private static List<String> names(Set<Operation> operations) {
        return operations.stream().sorted().map(Enum::name).toList();
    }

    static String stores(List<StoreRow> rows) {
        Table table = new Table("STORE", "CONDITION", "MESSAGES", "RECIPIENTS", "TEXT");
        for (StoreRow row : rows) {
            table.row(
                    row.name(),
                    row.status().condition(),
                    row.status().messages(),
                    counts(row.status().recipients()),
                    row.status().text());
        }
        return rows.isEmpty() ? "No store: nothing is accepted." : table.toString();
    }

    private static String counts(Map<RecipientState, Long> recipients) {
        return new TreeMap<>(recipients)
                .entrySet().stream()
                        .filter(e -> e.getValue() > 0)
                        .map(e -> e.getValue() + " " + e.getKey())
                        .collect(Collectors.joining(", "));
    }

    static String transports(SpoolStatus status) {
        String present = transports(status.transports());
        return status.suspended().isEmpty() ? present : present + "\n\n" + suspended(status.suspended());
    }

    private static String where(Target target) {
        if (target.inbound()) {
            return "inbound";
        }
        return target.lane() == null ? "all" : target.lane();
    }

    private static String suspended(List<Target> targets) {
        Table table = new Table("SUSPENDED", "LANE");
        targets.forEach(target -> table.row(target.transport(), where(target)));
        return table.toString();
    }

    private static String transports(List<TransportRow> rows) {
        Table table = new Table(
                "TRANSPORT",
                "CONDITION",
                "IN FLIGHT",
                "RANKING",
                "TYPES",
                "PATTERNS",
                "OPERATIONS",
                "LAST SUCCESS",
                "LAST ERROR",
                "TEXT");
        for (TransportRow row : rows) {
            table.row(
                    row.name(),
                    row.status().condition(),
                    row.inFlight(),
                    row.ranking(),
                    row.types(),
                    row.patterns(),
                    names(row.operations()),
                    Texts.time(row.lastSuccess()),
                    error(row.lastError()),
                    row.status().text());
        }
        return rows.isEmpty() ? "No transport: everything waits." : table.toString();
    }

    private static @Nullable String error(@Nullable Failure error) {
        return error == null ? null : Texts.time(error.time()) + " " + error.text();
    }

    static String hooks(List<HookRow> rows) {
        Table table = new Table("HOOK", "DIRECTION", "RANKING");
        rows.forEach(row -> table.row(row.name(), row.direction(), row.ranking()));
        return rows.isEmpty() ? "No hooks." : table.toString();
    }

    static String waiting(Map<String, Long> waiting) {
        Table table = new Table("WAITING FOR", "RECIPIENTS");
        new TreeMap<>(waiting).forEach(table::row);
        return waiting.isEmpty() ? "Nothing waits for a transport." : table.toString();
    }

    static Map<String, @Nullable Object> json(SpoolStatus status) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("spooler", json(status.spooler()));
        map.put("stores", status.stores().stream().map(StatusView::json).toList());
        map.put("transports", status.transports().stream().map(StatusView::json).toList());
        map.put("hooks", status.hooks().stream().map(StatusView::json).toList());
        map.put("active", status.active());
        map.put("waiting", new TreeMap<>(status.waiting()));
        map.put("suspended", status.suspended().stream().map(StatusView::json).toList());
        return map;
    }

    private static Map<String, @Nullable Object> json(Target target) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("transport", target.transport());
        map.put("lane", target.lane());
        map.put("inbound", target.inbound());
        return map;
    }

    private static Map<String, Object> json(StoreRow row) {
        Map<String, Long> recipients = new LinkedHashMap<>();
        new TreeMap<>(row.status().recipients()).forEach((state, count) -> recipients.put(state.name(), count));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", row.name());
        map.put("condition", row.status().condition().name());
        map.put("text", row.status().text());
        map.put("messages", row.status().messages());
        map.put("recipients", recipients);
        return map;
    }

    private static Map<String, Object> json(SpoolerRow row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("condition", row.status().condition().name());
        map.put("text", row.status().text());
        map.put("inFlight", row.inFlight());
        map.put("operations", names(row.operations()));
        return map;
    }

    private static Map<String, @Nullable Object> json(TransportRow row) {
        Failure error = row.lastError();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", row.name());
        map.put("types", row.types());
        map.put("patterns", row.patterns());
        map.put("ranking", row.ranking());
        map.put("condition", row.status().condition().name());
        map.put("text", row.status().text());
        map.put("inFlight", row.inFlight());
        map.put("operations", names(row.operations()));
        map.put("lastSuccess", Texts.exact(row.lastSuccess()));
        map.put("lastError", error == null ? null : Texts.exact(error.time()));
        map.put("error", error == null ? null : error.text());
        return map;
    }

    private static Map<String, Object> json(HookRow row) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", row.name());
        map.put("direction", row.direction());
        map.put("ranking", row.ranking());
        return map;
    }
}
