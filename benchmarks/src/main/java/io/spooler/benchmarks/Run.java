package io.spooler.benchmarks;

import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of a measurement: its keys, its directory, its output. */
final class Run {

    private static final String STORE = "store.";
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})([kM]?)");

    private final Map<String, String> keys;
    private final Settings settings;
    private final Workspace workspace;
    private final PrintStream out;

    /**
     * A run.
     *
     * @param name of the measurement
     * @param keys from the command line
     * @param workspace for all files
     * @param out takes the figures
     */
    Run(String name, Map<String, String> keys, Workspace workspace, PrintStream out) {
        this.keys = Map.copyOf(keys);
        this.settings = Settings.of(name, keys);
        this.workspace = workspace;
        this.out = out;
    }

    int number(String key, int absent) {
        return settings.integer(key, absent, 1, 100_000_000);
    }

    /** Octets; k, M and G may follow. */
    long size(String key, long absent) {
        return settings.size(key, absent, 1, 1L << 40);
    }

    String text(String key, String absent) {
        return settings.text(key, absent);
    }

    boolean flag(String key, boolean absent) {
        return settings.flag(key, absent);
    }

    /** Numbers with commas between; k and M may follow. */
    List<Integer> numbers(String key, Integer... absent) {
        List<Integer> list = settings.list(key, "whole numbers, k or M may follow", Run::parse);
        return list.isEmpty() ? List.of(absent) : list;
    }

    private static int parse(String text) {
        Matcher m = SIZE.matcher(text);
        if (!m.matches() || Long.parseLong(m.group(1)) < 1) {
            throw new IllegalArgumentException(text);
        }
        int shift = 10 * ("kM".indexOf(m.group(2)) + 1);
        return Math.toIntExact(Long.parseLong(m.group(1)) << (m.group(2).isEmpty() ? 0 : shift));
    }

    /** To be called when all keys were read, and before anything is done. */
    void check() throws SettingsException {
        settings.check();
        Stores.options(Path.of("."), store());
    }

    /** Settings of the store: the keys that begin with {@code store.}, without that. */
    Map<String, String> store() {
        Map<String, String> result = new HashMap<>();
        keys.forEach((key, value) -> {
            if (key.startsWith(STORE)) {
                result.put(key.substring(STORE.length()), value);
            }
        });
        return result;
    }

    /** Refuses to begin what would fill the disk. */
    void need(long octets) throws IOException {
        workspace.need(octets);
    }

    Path directory(String name) throws IOException {
        return workspace.fresh(name);
    }

    void remove(Path directory) throws IOException {
        workspace.remove(directory);
    }

    /** Says on the error stream how far it is. */
    void progress(String format, Object... values) {
        System.err.println(String.format(Locale.ROOT, format, values));
    }

    void print(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }

    void print(Table table) {
        table.print(out);
    }
}
