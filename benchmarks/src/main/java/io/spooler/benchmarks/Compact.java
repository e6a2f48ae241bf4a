package io.spooler.benchmarks;

import io.spooler.settings.SettingsException;
import io.spooler.store.file.FileStore;
import io.spooler.store.file.StoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What submitters feel of the compaction. */
final class Compact implements Measurement {

    /** With so large a segment the store thinks that the garbage is not worth the work; with the other, that all is. */
    private static final String NEVER = "1024M";

    private static final String AT_ONCE = "1M";
    private static final int PATIENCE_SECONDS = 60;
    private static final long STEP_MILLIS = 20;

    /** How it is done: the keys. */
    private record Plan(int messages, int size, int writers, int seconds) {}

    /** One round: submit latencies without and with compaction, octets a second reclaimed and by the bare loop. */
    private record Pair(Histogram without, Histogram with, double reclaimed, double bare) {

        double ratio(double part) {
            return with.micros(part) / without.micros(part);
        }
    }

    @Override
    public String name() {
        return "compact";
    }

    @Override
    public String summary() {
        return "latency of submissions without and with compaction; each writer finishes its message before the next";
    }

    @Override
    public String keys() {
        return "messages=500000 (old ones) living=2,3 (one in so many is copied forward) content=1k writers=64\n"
                + "seconds=10 (at most, each way) pairs=3";
    }

    @Override
    public void measure(Run run) throws Exception {
        List<Integer> living = run.numbers("living", 2, 3);
        int pairs = run.number("pairs", 3);
        Plan plan = new Plan(
                run.number("messages", 500_000),
                (int) run.size("content", 1024),
                run.number("writers", 64),
                run.number("seconds", 10));
        run.check();
        run.need(plan.messages() * (plan.size() + 512L) * 2 + (4L << 30));
        Table table = new Table(
                "living",
                "p50 us",
                "p99 us",
                "max us",
                "with p50",
                "with p99",
                "with max",
                "p50 ratio",
                "p99 ratio",
                "reclaimed MiB/s",
                "bare MiB/s");
        for (int one : living) {
            List<Pair> all = new ArrayList<>();
            // The first pair warms up and does not count.
            for (int i = 0; i <= pairs; i++) {
                Pair pair = pair(run, plan, one);
                run.progress(
                        "compact: 1 of %d lives, pair %d of %d: p99 %.0f us, with compaction %.0f us",
                        one, i, pairs, pair.without().micros(0.99), pair.with().micros(0.99));
                if (i > 0) {
                    all.add(pair);
                }
            }
            row(table, one, all);
        }
        run.print(table);
    }

    private static Pair pair(Run run, Plan plan, int living) throws Exception {
        Round.Limit limit = new Round.Limit(plan.seconds() * 1_000_000_000L, 2L << 30);
        double bare = Round.bare(run, plan.writers(), plan.size(), limit).mibPerSecond(plan.size());
        Path directory = run.directory("store");
        CountingDisk disk = new CountingDisk();
        try (FileStore store = Stores.fresh(directory, run.store(), disk)) {
            store.configure(options(run, directory, NEVER));
            Mail mail = Mail.of(plan.size());
            Filling.fillMixed(store, mail, plan.messages(), living);
            long old = Workspace.used(directory);
            Filling.finish(store, new Histogram());
            SubmitAndFinish work = new SubmitAndFinish(store, mail);
            Crew crew = Crew.begin(plan.writers(), work);
            try {
                Histogram without = work.record();
                await(crew, plan.seconds(), () -> false);
                work.record();
                store.configure(options(run, directory, AT_ONCE));
                if (!await(crew, PATIENCE_SECONDS, () -> disk.deleted() > 0)) {
                    throw new IOException("no segment was reclaimed in " + PATIENCE_SECONDS + " s");
                }
                long first = disk.deleted();
                long before = System.nanoTime();
                Histogram during = work.record();
                await(crew, plan.seconds(), () -> disk.deleted() >= old);
                work.record();
                double seconds = (System.nanoTime() - before) / 1e9;
                return new Pair(without, during, (disk.deleted() - first) / seconds / (1 << 20), bare);
            } finally {
                crew.stop();
            }
        } finally {
            run.remove(directory);
        }
    }

    private static StoreOptions options(Run run, Path directory, String segmentSize) throws SettingsException {
        Map<String, String> settings = run.store();
        settings.put("segment_size", segmentSize);
        return Stores.options(directory, settings);
    }

    /** Waits for something, or until the time is up; says whether it came. */
    private static boolean await(Crew crew, int seconds, BooleanSupplier event) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!event.getAsBoolean() && System.nanoTime() < end && !crew.hasFailed()) {
            TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
        }
        return event.getAsBoolean();
    }

    private static void row(Table table, int living, List<Pair> all) {
        table.row(
                "1/" + living,
                Medians.of(all, p -> p.without().micros(0.5)),
                Medians.of(all, p -> p.without().micros(0.99)),
                Medians.most(all, p -> p.without().maxMicros()),
                Medians.of(all, p -> p.with().micros(0.5)),
                Medians.of(all, p -> p.with().micros(0.99)),
                Medians.most(all, p -> p.with().maxMicros()),
                Medians.of(all, p -> p.ratio(0.5)),
                Medians.of(all, p -> p.ratio(0.99)),
                Medians.of(all, Pair::reclaimed),
                Medians.of(all, Pair::bare));
    }
}
