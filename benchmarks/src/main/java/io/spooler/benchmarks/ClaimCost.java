package io.spooler.benchmarks;

import io.spooler.store.Claim;
import io.spooler.store.MessageStore;
import io.spooler.store.file.FileStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What one claim costs, in short and in long queues. */
final class ClaimCost implements Measurement {

    /** So many are lent one by one before they are given back, so that it is not always the same message. */
    private static final int LENT = 500;

    /** Rounds that do not count, each of all claims: the first length must not pay for the compiler. */
    private static final int WARM_UP = 5;

    @Override
    public String name() {
        return "claim";
    }

    @Override
    public String summary() {
        return "the cost of claiming one message and giving it back, by length of the queue";
    }

    @Override
    public String keys() {
        return "queued=1000,1000000 (ascending) content=1k claims=20000 (at each length)";
    }

    @Override
    public void measure(Run run) throws Exception {
        List<Integer> lengths = run.numbers("queued", 1000, 1_000_000);
        int size = (int) run.size("content", 1024);
        int claims = run.number("claims", 20_000);
        run.check();
        run.need(lengths.get(lengths.size() - 1) * (size + 256L));
        Table table = new Table("queued", "claim p50 us", "claim p99 us", "release p50 us", "both p50 us", "to first");
        Path directory = run.directory("store");
        try (FileStore store = Stores.fresh(directory, run.store(), new CountingDisk())) {
            double first = 0;
            for (int length : lengths) {
                long missing = length - store.status().messages();
                run.progress("claim: filling up to %d", length);
                Filling.fill(store, Mail.of(size), Math.max(0, missing));
                Costs costs = costs(store, claims);
                first = first == 0 ? costs.both() : first;
                table.row(
                        length,
                        costs.claims().micros(0.5),
                        costs.claims().micros(0.99),
                        costs.releases().micros(0.5),
                        costs.both(),
                        costs.both() / first);
            }
        }
        run.print(table);
    }

    private record Costs(Histogram claims, Histogram releases) {

        double both() {
            return claims.micros(0.5) + releases.micros(0.5);
        }
    }

    private static Costs costs(MessageStore store, int claims) {
        Costs costs = new Costs(new Histogram(), new Histogram());
        for (int i = 0; i < WARM_UP; i++) {
            lend(store, claims, new Costs(new Histogram(), new Histogram()));
        }
        lend(store, claims, costs);
        return costs;
    }

    private static void lend(MessageStore store, int claims, Costs costs) {
        List<Claim> lent = new ArrayList<>();
        for (int i = 0; i < claims; i++) {
            long before = System.nanoTime();
            List<Claim> one = store.claim(1, Instant.now(), Filling.LEASE);
            costs.claims().add(System.nanoTime() - before);
            lent.addAll(one);
            if (one.isEmpty() || lent.size() == LENT) {
                giveBack(store, lent, costs);
            }
        }
        giveBack(store, lent, costs);
    }

    private static void giveBack(MessageStore store, List<Claim> lent, Costs costs) {
        for (Claim claim : lent) {
            long before = System.nanoTime();
            store.release(claim);
            costs.releases().add(System.nanoTime() - before);
        }
        lent.clear();
    }
}
