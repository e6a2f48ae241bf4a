package io.spooler.benchmarks;

import io.spooler.store.file.FileStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Claiming and settling a queue, beside filling it in the same store. */
final class Settle implements Measurement {

    /** What one round gave: messages a second, and the settlements' latency. */
    private record Both(double accepted, double settled, Histogram latencies) {

        double ratio() {
            return settled / accepted;
        }
    }

    @Override
    public String name() {
        return "settle";
    }

    @Override
    public String summary() {
        return "messages claimed and settled a second, beside accepting them with 64 writers";
    }

    @Override
    public String keys() {
        return "messages=100000 content=1k rounds=3 in_flight=256";
    }

    @Override
    public void measure(Run run) throws Exception {
        int messages = run.number("messages", 100_000);
        int size = (int) run.size("content", 1024);
        int rounds = run.number("rounds", 3);
        int inFlight = run.number("in_flight", Filling.IN_FLIGHT);
        run.check();
        run.need(messages * (size + 512L) * 2);
        List<Both> all = new ArrayList<>();
        // The first round warms up and does not count.
        for (int i = 0; i <= rounds; i++) {
            Both both = round(run, Mail.of(size), messages, inFlight);
            run.progress("settle: round %d of %d: %.0f/s, accept %.0f/s", i, rounds, both.settled(), both.accepted());
            if (i > 0) {
                all.add(both);
            }
        }
        run.print(table(messages, all));
    }

    private static Both round(Run run, Mail mail, int messages, int inFlight) throws Exception {
        Path directory = run.directory("store");
        try (FileStore store = Stores.fresh(directory, run.store(), new CountingDisk())) {
            double accepted = Filling.fill(store, mail, messages).perSecond();
            Histogram latencies = new Histogram();
            long before = System.nanoTime();
            long count = Filling.finish(store, latencies, inFlight);
            double settled = count * 1e9 / (System.nanoTime() - before);
            if (count != messages) {
                throw new IllegalStateException(count + " of " + messages + " messages were due");
            }
            return new Both(accepted, settled, latencies);
        } finally {
            run.remove(directory);
        }
    }

    private static Table table(int messages, List<Both> all) {
        Table table = new Table("messages", "settled/s", "p50 us", "p99 us", "accepted/s", "ratio", "least", "most");
        table.row(
                messages,
                Medians.of(all, Both::settled),
                Medians.of(all, b -> b.latencies().micros(0.5)),
                Medians.of(all, b -> b.latencies().micros(0.99)),
                Medians.of(all, Both::accepted),
                Medians.of(all, Both::ratio),
                Medians.least(all, Both::ratio),
                Medians.most(all, Both::ratio));
        return table;
    }
}
