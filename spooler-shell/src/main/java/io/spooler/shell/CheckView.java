package io.spooler.shell;

import io.spooler.Reply;
import io.spooler.store.StoreCheck;
import io.spooler.store.StoreCheck.Contents;
import io.spooler.store.StoreCheck.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Shows what a check of stores has found: for programs with stable field names, for people as tables. Pure. */
final class CheckView {

    private CheckView() {}

    static String text(Map<String, StoreCheck> found) {
        return found.entrySet().stream()
                .map(e -> text(e.getKey(), e.getValue()))
                .collect(Collectors.joining("\n\n"));
    }

    private static String text(String name, StoreCheck check) {
        Contents contents = check.contents();
        Table table = new Table("STORE", name);
        table.row("journal", Texts.count(check.segments(), "segment") + ", " + check.octets() + " octets");
        table.row("records", records(check.records()));
        table.row(
                "messages", check.queued() + " queued, " + check.finished() + " finished, " + check.filed() + " filed");
        table.row("contents", contents.read() + " right, " + contents.octets() + " octets");
        table.row("", contents.missing() + " missing, " + contents.cut() + " cut, " + contents.wrong() + " wrong");
        table.row("", contents.orphaned() + " files that no message needs");
        return table + problems(check);
    }

    private static String records(Map<String, Long> records) {
        return records.entrySet().stream()
                .filter(e -> e.getValue() > 0)
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String problems(StoreCheck check) {
        if (check.isWell()) {
            return "";
        }
        Table table = new Table("WHERE", "WHAT IS NOT WELL");
        check.problems().forEach(problem -> table.row(problem.where(), problem.what()));
        return "\n\n" + table + (check.moreProblems() == 0 ? "" : "\nand " + check.moreProblems() + " more");
    }

    /** Empty if all is well. */
    static String summary(Map<String, StoreCheck> found) {
        String bad = found.entrySet().stream()
                .filter(e -> !e.getValue().isWell())
                .map(e -> Texts.count(count(e.getValue()), "problem") + " in store " + Reply.clean(e.getKey()))
                .collect(Collectors.joining(", "));
        return bad.isEmpty() ? "" : "not all is well: " + bad;
    }

    private static long count(StoreCheck check) {
        return check.problems().size() + check.moreProblems();
    }

    static String json(Map<String, StoreCheck> found) {
        return Json.write(found.entrySet().stream()
                .map(e -> json(e.getKey(), e.getValue()))
                .toList());
    }

    private static Map<String, Object> json(String name, StoreCheck check) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", name);
        map.put("well", check.isWell());
        map.put("segments", check.segments());
        map.put("octets", check.octets());
        map.put("records", check.records());
        map.put("queued", check.queued());
        map.put("finished", check.finished());
        map.put("filed", check.filed());
        map.put("contents", json(check.contents()));
        map.put("problems", problems(check.problems()));
        map.put("moreProblems", check.moreProblems());
        return map;
    }

    private static Map<String, Object> json(Contents contents) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("read", contents.read());
        map.put("octets", contents.octets());
        map.put("missing", contents.missing());
        map.put("cut", contents.cut());
        map.put("wrong", contents.wrong());
        map.put("orphaned", contents.orphaned());
        return map;
    }

    private static List<Map<String, Object>> problems(List<Problem> problems) {
        return problems.stream()
                .map(problem -> {
                    Map<String, Object> map = new LinkedHashMap<>();
                    map.put("where", problem.where());
                    map.put("what", problem.what());
                    return map;
                })
                .toList();
    }
}
