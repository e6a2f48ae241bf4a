package io.spooler.benchmarks;

import io.spooler.settings.SettingsException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command line: {@code NAME DIR [KEY=VALUE ...]}. Figures go to the standard output, all else to the error stream. */
public final class Benchmarks {

    private static final List<Measurement> ALL = List.of(
            new Accept(),
            new Local(),
            new Settle(),
            new ClaimCost(),
            new Recover(),
            new Depth(),
            new Compact(),
            new Garbage());
    private static final int USAGE = 2;

    private Benchmarks() {}

    /**
     * Runs one measurement, and ends the process: 0 if there are figures, 1 if it failed, 2 if it was not understood.
     *
     * @param arguments as above
     */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        try {
            run(List.of(arguments), out);
        } catch (IllegalArgumentException | SettingsException e) {
            System.err.println("benchmarks: " + e.getMessage());
            System.exit(USAGE);
        } catch (Exception e) {
            System.err.println("benchmarks: failed");
            e.printStackTrace();
            System.exit(1);
        }
    }

    /**
     * Runs one measurement.
     *
     * @param arguments as above
     * @param out takes the figures
     * @throws IllegalArgumentException if the arguments make no sense; the message tells what does
     * @throws SettingsException if a key is wrong
     * @throws Exception if it failed
     */
    static void run(List<String> arguments, PrintStream out) throws Exception {
        if (arguments.size() < 2) {
            throw new IllegalArgumentException("a name and a directory are needed\n" + usage());
        }
        String name = arguments.get(0);
        Measurement measurement = ALL.stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no measurement " + name + "\n" + usage()));
        Path parent = Path.of(arguments.get(1));
        if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
            throw new IllegalArgumentException(
                    "DIR " + parent + " is not a directory that can be written; name one on the disk to be measured");
        }
        measure(measurement, parent, keys(arguments.subList(2, arguments.size())), out);
    }

    private static void measure(Measurement measurement, Path parent, Map<String, String> keys, PrintStream out)
            throws IOException, Exception {
        try (Workspace workspace = Workspace.in(parent)) {
            measurement.measure(new Run(measurement.name(), keys, workspace, out));
        }
    }

    private static Map<String, String> keys(List<String> words) {
        Map<String, String> keys = new HashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(word + " is not KEY=VALUE\n" + usage());
            }
            keys.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return keys;
    }

    private static String usage() {
        StringBuilder text = new StringBuilder("""
                usage: benchmarks/run NAME DIR [KEY=VALUE ...]
                DIR is on the disk to be measured; what is made there is removed. NAME and its keys with defaults:
                """);
        for (Measurement m : ALL) {
            text.append(String.format("%n  %-8s %s%n", m.name(), m.summary()));
            m.keys()
                    .lines()
                    .forEach(line -> text.append("             ").append(line).append('\n'));
        }
        return text.append("\nstore.KEY=VALUE is a setting of the store (store-file/README.md), for all of them.")
                .toString();
    }
}
