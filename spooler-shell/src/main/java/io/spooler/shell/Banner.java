package io.spooler.shell;

import io.spooler.admin.SpoolStatus;
import io.spooler.admin.SpoolStatus.TransportRow;
import io.spooler.store.StoreStatus;
import io.spooler.transport.TransportStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an instance says when it is ready, on one screen. Pure.
 *
 * @param version of this bundle
 * @param base directory of the instance
 */
record Banner(String version, String base) {

    /**
     * Composes.
     *
     * @param status how the whole is, or null if there is no core
     * @param missing what is not there yet, a sentence each
     * @param since the start of the process
     * @return several lines, the last one ended; it begins with {@code Spooler is ready}
     */
    String compose(@Nullable SpoolStatus status, List<String> missing, Duration since) {
        List<String> problems = problems(status, missing);
        StringBuilder text = new StringBuilder("\nSpooler " + version + " in " + base + "\n");
        if (status != null) {
            section(text, "Stores", stores(status));
            section(text, "Transports, in the order in which they are asked", transports(status));
            section(text, "Listening", listening(status));
            section(text, "Waiting for a transport", waiting(status));
        }
        section(text, "Problems", problems.isEmpty() ? List.of("none") : problems);
        section(text, "Talk to it", List.of("bin/spooler sh --base " + base + " 'spooler:status'"));
        return text.append(last(problems.size(), since)).toString();
    }

    private static void section(StringBuilder text, String title, List<String> lines) {
        text.append(title).append('\n');
        lines.forEach(line -> text.append("  ").append(line).append('\n'));
    }

    private static List<String> lines(Table table) {
        return table.toString().lines().toList();
    }

    private static List<String> stores(SpoolStatus status) {
        if (status.stores().isEmpty()) {
            return List.of("none: nothing is accepted");
        }
        List<String> lines = new ArrayList<>();
        status.stores()
                .forEach(row -> lines.add(new Table(
                                row.name(),
                                row.status().condition(),
                                Texts.count(row.status().messages(), "message") + " queued",
                                row.status().text())
                        .toString()));
        return lines;
    }

    private static List<String> transports(SpoolStatus status) {
        Table table = new Table("NAME", "CARRIES", "CONDITION");
        for (TransportRow row : status.transports()) {
            table.row(row.name(), carries(row), row.status().condition());
        }
        return status.transports().isEmpty() ? List.of("none: everything waits") : lines(table);
    }

    private static String carries(TransportRow row) {
        List<String> all = new ArrayList<>();
        row.types().forEach(type -> all.add(type + ":*"));
        all.addAll(row.patterns());
        return all.isEmpty() ? "only brings messages in" : String.join(", ", all);
    }

    private static List<String> listening(SpoolStatus status) {
        List<String> lines = status.transports().stream()
                .filter(row -> row.status().text().toLowerCase(Locale.ROOT).contains("listening"))
                .map(row -> new Table(row.name(), row.status().text()).toString())
                .toList();
        return lines.isEmpty() ? List.of("nothing listens") : lines;
    }

    private static List<String> waiting(SpoolStatus status) {
        List<String> lines = new ArrayList<>();
        new TreeMap<>(status.waiting())
                .forEach((type, count) -> lines.add(new Table(type, Texts.count(count, "recipient")).toString()));
        return lines.isEmpty() ? List.of("nothing") : lines;
    }

    private static List<String> problems(@Nullable SpoolStatus status, List<String> missing) {
        List<String> problems = new ArrayList<>();
        if (status == null) {
            problems.add("the core is not running: is the bundle spooler-core there?");
            return problems;
        }
        status.stores().stream()
                .filter(row -> row.status().condition() != StoreStatus.Condition.AVAILABLE)
                .forEach(row -> problems.add(problem(
                        "store",
                        row.name(),
                        row.status().condition(),
                        row.status().text())));
        status.transports().stream()
                .filter(row -> row.status().condition() == TransportStatus.Condition.FAILED)
                .forEach(row -> problems.add(problem(
                        "transport",
                        row.name(),
                        row.status().condition(),
                        row.status().text())));
        problems.addAll(missing);
        return problems;
    }

    private static String problem(String what, String name, Object condition, String text) {
        return new Table(what + " " + name + " is " + condition + ": " + text).toString();
    }

    private static String last(int problems, Duration since) {
        String time = String.format(Locale.ROOT, "%.1f s", since.toMillis() / 1000.0);
        return "Spooler is ready after " + time + (problems == 0 ? "" : ", with " + Texts.count(problems, "problem"))
                + ".\n";
    }
}
