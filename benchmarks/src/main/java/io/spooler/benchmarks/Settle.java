package io.spooler.benchmarks;

import io.spooler.store.file.FileStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Claiming and settling a queue, beside filling it in the same store. */
final class Settle implements Measurement {

    private static final long PATIENCE_NANOS = 120_000_000_000L;

    /** What one round gave: messages a second, the settlements' latency, and the bare loop with as many octets. */
    private record Both(double accepted, double settled, Histogram latencies, int octets, double bare) {

        double ratio() {
            return settled / accepted;
        }

        double ofBare() {
            return settled / bare;
        }
    }

    @Override
    public String name() {
        return "settle";
    }

    @Override
    public String summary() {
        return "messages claimed and settled a second, beside accepting them, and a bare append and group force";
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
            run.progress(
                    "settle: round %d of %d: %.0f/s, accept %.0f/s, bare %.0f/s",
                    i, rounds, both.settled(), both.accepted(), both.bare());
            if (i > 0) {
                all.add(both);
            }
        }
        run.print(table(messages, all));
    }

    private static Both round(Run run, Mail mail, int messages, int inFlight) throws Exception {
        Path directory = run.directory("store");
        CountingDisk disk = new CountingDisk();
        double accepted;
        double settled;
        int octets;
        Histogram latencies = new Histogram();
        try (FileStore store = Stores.fresh(directory, run.store(), disk)) {
            accepted = Filling.fill(store, mail, messages).perSecond();
            long written = disk.records();
            long before = System.nanoTime();
            long count = Filling.finish(store, latencies, inFlight);
            settled = count * 1e9 / (System.nanoTime() - before);
            octets = (int) ((disk.records() - written) / messages);
            if (count != messages) {
                throw new IllegalStateException(count + " of " + messages + " messages were due");
            }
        } finally {
            run.remove(directory);
        }
        Round bare =
                Round.bare(run, Filling.WRITERS, octets, new Round.Limit(PATIENCE_NANOS, (long) octets * messages));
        return new Both(accepted, settled, latencies, octets, bare.perSecond());
    }

    private static Table table(int messages, List<Both> all) {
        Table table = new Table(
                "messages",
                "settled/s",
                "p50 us",
                "p99 us",
                "accepted/s",
                "ratio",
                "least",
                "most",
                "octets",
                "bare/s",
                "of bare");
        table.row(
                messages,
                Medians.of(all, Both::settled),
                Medians.of(all, b -> b.latencies().micros(0.5)),
                Medians.of(all, b -> b.latencies().micros(0.99)),
                Medians.of(all, Both::accepted),
                Medians.of(all, Both::ratio),
                Medians.least(all, Both::ratio),
                Medians.most(all, Both::ratio),
                Medians.of(all, Both::octets),
                Medians.of(all, Both::bare),
                Medians.of(all, Both::ofBare));
        return table;
    }
}
