package io.spooler.benchmarks;

import io.spooler.store.file.FileStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Submissions, each writer one at a time, beside the same octets in the bare loop; the two take turns. */
final class Accept implements Measurement {

    private static final long MOST = 2L << 30;

    private record Pair(Round bare, Round store) {

        double ratio() {
            return store.perSecond() / bare.perSecond();
        }
    }

    @Override
    public String name() {
        return "accept";
    }

    @Override
    public String summary() {
        return "messages accepted a second, beside a bare append and group force of the same octets";
    }

    @Override
    public String keys() {
        return "writers=1,16,64,256 contents=1k,10k,100k\n"
                + "seconds=5 (a round) pairs=3 (rounds of each) round_size=2G (octets at most)";
    }

    @Override
    public void measure(Run run) throws Exception {
        List<Integer> writers = run.numbers("writers", 1, 16, 64, 256);
        List<Integer> sizes = run.numbers("contents", 1 << 10, 10 << 10, 100 << 10);
        int pairs = run.number("pairs", 3);
        Round.Limit limit = new Round.Limit(run.number("seconds", 5) * 1_000_000_000L, run.size("round_size", MOST));
        run.check();
        run.need(limit.octets() + limit.octets() / 2);
        Table table = new Table(
                "writers",
                "KiB",
                "msg/s",
                "MiB/s",
                "p50 us",
                "p99 us",
                "max us",
                "msg/force",
                "forcing",
                "CPU us/msg",
                "B alloc/msg",
                "heap MiB",
                "bare msg/s",
                "bare MiB/s",
                "bare p50",
                "bare p99",
                "bare msg/force",
                "bare forcing",
                "bare CPU",
                "ratio",
                "least",
                "most");
        for (int size : sizes) {
            for (int count : writers) {
                row(table, count, size, pairs(run, count, size, pairs, limit));
            }
        }
        run.print(table);
    }

    private static List<Pair> pairs(Run run, int writers, int size, int pairs, Round.Limit limit) throws Exception {
        List<Pair> result = new ArrayList<>();
        // The first pair warms up and does not count.
        for (int i = 0; i <= pairs; i++) {
            Pair pair = new Pair(Round.bare(run, writers, size, limit), store(run, writers, size, limit));
            run.progress(
                    "accept: %d writers, %d octets, pair %d of %d: bare %.0f/s, store %.0f/s",
                    writers,
                    size,
                    i,
                    pairs,
                    pair.bare().perSecond(),
                    pair.store().perSecond());
            if (i > 0) {
                result.add(pair);
            }
        }
        return result;
    }

    /** A store of its own each time, so that heap and disk begin the same. */
    static Round store(Run run, int writers, int size, Round.Limit limit) throws Exception {
        Path directory = run.directory("store");
        CountingDisk disk = new CountingDisk();
        Mail mail = Mail.of(size);
        try (FileStore store = Stores.fresh(directory, run.store(), disk)) {
            long forces = disk.forces();
            long forcing = disk.forcing();
            Crew.Done done = Crew.run(writers, limit.nanos(), limit.octets() / size, () -> mail.submit(store));
            return Round.of(done, disk.forces() - forces, disk.forcing() - forcing, Machine.heap());
        } finally {
            run.remove(directory);
        }
    }

    private static void row(Table table, int writers, int size, List<Pair> pairs) {
        List<Round> store = pairs.stream().map(Pair::store).toList();
        List<Round> bare = pairs.stream().map(Pair::bare).toList();
        table.row(
                writers,
                size / 1024.0,
                Medians.of(store, Round::perSecond),
                Medians.of(store, r -> r.mibPerSecond(size)),
                Medians.of(store, Round::p50),
                Medians.of(store, Round::p99),
                Medians.most(store, Round::max),
                Medians.of(store, Round::perForce),
                Medians.of(store, Round::forcing),
                Medians.of(store, Round::processor),
                Medians.of(store, Round::allocated),
                Medians.of(store, r -> r.heap() / 1048576.0),
                Medians.of(bare, Round::perSecond),
                Medians.of(bare, r -> r.mibPerSecond(size)),
                Medians.of(bare, Round::p50),
                Medians.of(bare, Round::p99),
                Medians.of(bare, Round::perForce),
                Medians.of(bare, Round::forcing),
                Medians.of(bare, Round::processor),
                Medians.of(pairs, Pair::ratio),
                Medians.least(pairs, Pair::ratio),
                Medians.most(pairs, Pair::ratio));
    }
}
