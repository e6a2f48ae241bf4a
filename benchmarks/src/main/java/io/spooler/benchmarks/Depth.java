package io.spooler.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A long queue in a small heap. */
final class Depth implements Measurement {

    private static final double MIB = 1 << 20;

    @Override
    public String name() {
        return "depth";
    }

    @Override
    public String summary() {
        return "heap, resident memory, disk and restart of a long queue, in a process with a small heap";
    }

    @Override
    public String keys() {
        return "messages=1000000 content=1k heap=256m";
    }

    @Override
    public void measure(Run run) throws Exception {
        int messages = run.number("messages", 1_000_000);
        int size = (int) run.size("content", 1024);
        String heap = run.text("heap", "256m");
        run.check();
        run.need(messages * (size + 256L));
        Path directory = run.directory("store");
        run.progress("depth: filling with %d", messages);
        List<String> fill =
                List.of("fill", "clean", directory.toString(), String.valueOf(messages), String.valueOf(size));
        Map<String, Double> filled = new Child(heap, fill, run.store()).run();
        double disk = Workspace.used(directory);
        run.progress("depth: restart after a clean close, then after an abrupt end");
        Map<String, Double> clean = open(run, heap, directory, "halt");
        Map<String, Double> abrupt = open(run, heap, directory, "clean");
        Table table = new Table("what", "figure");
        table.row("messages", messages);
        table.row("accepted/s while filling", figure(filled, "per_second"));
        table.row("heap a message, octets", figure(filled, "heap_each"));
        table.row("resident once filled, MiB", figure(filled, "resident") / MIB);
        table.row("resident at most, MiB", figure(filled, "peak") / MIB);
        table.row("disk / given octets", disk / ((double) messages * size));
        table.row("open to first claim after a clean close, s", figure(clean, "claimed"));
        table.row("open to first claim after an abrupt end, s", figure(abrupt, "claimed"));
        table.row("heap a message after the restart, octets", figure(clean, "heap") / messages);
        table.row("resident at most after the restart, MiB", figure(clean, "peak") / MIB);
        run.print(table);
    }

    /** The page cache is warm. */
    private static Map<String, Double> open(Run run, String heap, Path directory, String end) throws Exception {
        return new Child(heap, List.of("open", end, directory.toString()), run.store()).run();
    }

    private static double figure(Map<String, Double> figures, String name) {
        return figures.getOrDefault(name, Double.NaN);
    }
}
