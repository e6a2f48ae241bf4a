package io.spooler.benchmarks;

import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.file.FileStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A message into a mailbox, each writer one at a time: served by the store in one commit, beside the way through the queue,
 * with what a core and a transport would do left out. The two take turns.
 */
final class Local implements Measurement {

    private static final long MOST = 1L << 30;

    private record Pair(Round coupled, Round queued) {

        double ratio() {
            return coupled.perSecond() / queued.perSecond();
        }
    }

    /** One message, all the way. */
    private interface Way {

        void once(FileStore store, Mail mail) throws Exception;
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public String summary() {
        return "messages filed in a mailbox a second, served by the store, beside the way through its queue";
    }

    @Override
    public String keys() {
        return "writers=1,64 content=1k\nseconds=5 (a round) pairs=3 (rounds of each) round_size=1G (octets at most)";
    }

    @Override
    public void measure(Run run) throws Exception {
        List<Integer> writers = run.numbers("writers", 1, 64);
        int size = (int) run.size("content", 1024);
        int pairs = run.number("pairs", 3);
        Round.Limit limit = new Round.Limit(run.number("seconds", 5) * 1_000_000_000L, run.size("round_size", MOST));
        run.check();
        run.need(limit.octets() * 3);
        Table table = new Table(
                "writers",
                "msg/s",
                "p50 us",
                "p99 us",
                "force/msg",
                "CPU us/msg",
                "queued msg/s",
                "queued p50",
                "queued p99",
                "queued force/msg",
                "queued CPU",
                "ratio",
                "least",
                "most");
        for (int count : writers) {
            row(table, count, pairs(run, count, size, pairs, limit));
        }
        run.print(table);
    }

    private static List<Pair> pairs(Run run, int writers, int size, int pairs, Round.Limit limit) throws Exception {
        List<Pair> result = new ArrayList<>();
        // The first pair warms up and does not count.
        for (int i = 0; i <= pairs; i++) {
            Pair pair = new Pair(
                    round(run, writers, size, limit, (store, mail) -> mail.serve(store)),
                    round(run, writers, size, limit, Local::queued));
            run.progress(
                    "local: %d writers, pair %d of %d: served %.0f/s, queued %.0f/s",
                    writers, i, pairs, pair.coupled().perSecond(), pair.queued().perSecond());
            if (i > 0) {
                result.add(pair);
            }
        }
        return result;
    }

    private static void queued(FileStore store, Mail mail) throws Exception {
        SpoolId id = mail.submit(store);
        Claim claim = store.claim(id, Instant.now(), Filling.LEASE).orElseThrow();
        mail.file(store);
        Stores.await(store.settle(claim, Mail.DELIVERED));
    }

    private static Round round(Run run, int writers, int size, Round.Limit limit, Way way) throws Exception {
        Path directory = run.directory("store");
        CountingDisk disk = new CountingDisk();
        Mail mail = Mail.of(size);
        try (FileStore store = Stores.fresh(directory, run.store(), disk)) {
            long forces = disk.forces();
            long forcing = disk.forcing();
            Crew.Done done = Crew.run(writers, limit.nanos(), limit.octets() / size / 2, () -> way.once(store, mail));
            return Round.of(done, disk.forces() - forces, disk.forcing() - forcing, 0);
        } finally {
            run.remove(directory);
        }
    }

    private static void row(Table table, int writers, List<Pair> pairs) {
        List<Round> coupled = pairs.stream().map(Pair::coupled).toList();
        List<Round> queued = pairs.stream().map(Pair::queued).toList();
        table.row(
                writers,
                Medians.of(coupled, Round::perSecond),
                Medians.of(coupled, Round::p50),
                Medians.of(coupled, Round::p99),
                Medians.of(coupled, r -> 1 / r.perForce()),
                Medians.of(coupled, Round::processor),
                Medians.of(queued, Round::perSecond),
                Medians.of(queued, Round::p50),
                Medians.of(queued, Round::p99),
                Medians.of(queued, r -> 1 / r.perForce()),
                Medians.of(queued, Round::processor),
                Medians.of(pairs, Pair::ratio),
                Medians.least(pairs, Pair::ratio),
                Medians.most(pairs, Pair::ratio));
    }
}
