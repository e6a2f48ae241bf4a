package io.spooler.shell;

import io.spooler.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Text in aligned columns. Cells are made harmless for terminals. One thread. */
final class Table {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param header names of the columns
     */
    Table(Object... header) {
        row(header);
    }

    /**
     * Adds a row.
     *
     * @param cells one per column; null is shown as {@code -}, a collection with commas
     * @return this
     */
    Table row(@Nullable Object... cells) {
        rows.add(Arrays.stream(cells).map(Table::text).toList());
        return this;
    }

    private static String text(@Nullable Object cell) {
        String text = cell instanceof Collection<?> many
                ? many.stream().map(Object::toString).collect(Collectors.joining(","))
                : String.valueOf(cell == null ? "-" : cell);
        return text.isEmpty() ? "-" : Reply.clean(text);
    }

    /** All lines; no line break behind the last one. */
    @Override
    public String toString() {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length()));
            line.append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
