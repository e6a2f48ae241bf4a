package io.spooler.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs {@link ChildMain} in a virtual machine of its own, and takes its figures. */
final class Child {

    private static final long PATIENCE_SECONDS = 30;

    private final List<String> command = new ArrayList<>();

    /**
     * A child.
     *
     * @param heap most heap, as for {@code -Xmx}; empty for the default
     * @param words what it is to do
     * @param store settings of the store
     */
    Child(String heap, List<String> words, Map<String, String> store) {
        command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        if (!heap.isEmpty()) {
            command.add("-Xmx" + heap);
        }
        String level = "org.slf4j.simpleLogger.defaultLogLevel";
        command.addAll(List.of("-D" + level + "=" + System.getProperty(level, "warn")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildMain.class.getName()));
        command.addAll(words);
        store.forEach((key, value) -> command.add(key + "=" + value));
    }

    /**
     * Waits for its end.
     *
     * @return the figures that it told
     * @throws IOException if it failed; its error stream is ours
     */
    Map<String, Double> run() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, Double> figures = new HashMap<>();
        // Our end is its end: it reads its input until that is closed.
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int space = line.indexOf(' ');
                figures.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("the child failed: " + String.join(" ", command));
            }
        } finally {
            process.destroyForcibly();
        }
        return figures;
    }
}
