package io.spooler.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** From the opening of a store to its first claim, in a fresh process, beside reading its files from end to end. */
final class Recover implements Measurement {

    private static final int PIECE = 1 << 20;

    private record Opening(double opened, double claimed, double bare) {}

    @Override
    public String name() {
        return "recover";
    }

    @Override
    public String summary() {
        return "seconds from opening to the first claim, after a clean close and after an abrupt end";
    }

    @Override
    public String keys() {
        return "queued=100000,1000000 content=1k times=3 heap=256m\n"
                + "cold=true (also with an empty page cache of the whole machine; root only)";
    }

    @Override
    public void measure(Run run) throws Exception {
        List<Integer> lengths = run.numbers("queued", 100_000, 1_000_000);
        int size = (int) run.size("content", 1024);
        int times = run.number("times", 3);
        String heap = run.text("heap", "256m");
        boolean cold = run.flag("cold", true);
        run.check();
        run.need(lengths.stream().mapToLong(n -> n * (size + 256L)).max().orElse(0));
        if (cold && !Machine.mayDropCaches()) {
            run.progress("recover: no right to empty the page cache: warm only");
        }
        Table table = new Table("queued", "end", "cache", "open s", "to claim s", "MiB", "bare read s", "ratio");
        for (int length : lengths) {
            for (String end : List.of("clean", "halt")) {
                rows(run, table, new Case(length, size, end, heap, times, cold && Machine.mayDropCaches()));
            }
        }
        run.print(table);
    }

    private record Case(int length, int size, String end, String heap, int times, boolean cold) {}

    private static void rows(Run run, Table table, Case how) throws Exception {
        Path directory = run.directory("store");
        run.progress("recover: filling with %d, then %s", how.length(), how.end());
        List<String> fill = List.of(
                "fill", how.end(), directory.toString(), String.valueOf(how.length()), String.valueOf(how.size()));
        new Child(how.heap(), fill, run.store()).run();
        row(run, table, how, directory, false);
        if (how.cold()) {
            row(run, table, how, directory, true);
        }
        run.remove(directory);
    }

    /** Each process ends as the first did, so that the next one finds the same. */
    private static void row(Run run, Table table, Case how, Path directory, boolean cold) throws Exception {
        List<Opening> openings = new ArrayList<>();
        for (int i = 0; i < how.times(); i++) {
            prepare(directory, cold);
            Map<String, Double> figures =
                    new Child(how.heap(), List.of("open", how.end(), directory.toString()), run.store()).run();
            if (figures.getOrDefault("messages", 0.0) < how.length()) {
                throw new IOException("messages are missing: " + figures);
            }
            prepare(directory, cold);
            openings.add(new Opening(
                    figures.getOrDefault("opened", 0.0), figures.getOrDefault("claimed", 0.0), read(directory)));
            run.progress("recover: %s", openings.get(i));
        }
        double claimed = Medians.of(openings, Opening::claimed);
        double bare = Medians.of(openings, Opening::bare);
        table.row(
                how.length(),
                how.end(),
                cold ? "cold" : "warm",
                Medians.of(openings, Opening::opened),
                claimed,
                Workspace.used(directory) / 1048576.0,
                bare,
                claimed / bare);
    }

    private static void prepare(Path directory, boolean cold) throws IOException, InterruptedException {
        if (cold) {
            Machine.dropCaches();
        } else {
            read(directory);
        }
    }

    /** Reads all segments; returns how long it took, in seconds. */
    private static double read(Path directory) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
        long before = System.nanoTime();
        try (Stream<Path> files = Files.list(directory.resolve("journal"))) {
            for (Path path : files.sorted().toList()) {
                try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
                    while (file.read(buffer.clear()) >= 0) {
                        // Only the time matters.
                    }
                }
            }
        }
        return (System.nanoTime() - before) / 1e9;
    }
}
