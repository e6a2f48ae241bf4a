package io.spooler.core;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Reply;
import io.spooler.transport.Consignment;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What the core itself costs: routes, lines up, hands to a transport that does nothing, and keeps the ledger of, a number
 * of recipients in an indexed store in the heap, on one thread. Prints recipients in a second, and octets of heap for each
 * recipient in work. The processor is that of the one thread, without the collector. Arguments: recipients (1000000), recipients of a message (1), destinations (1000), rounds (3).
 */
final class Figures {

    private static final int SENDERS = 10;
    private static final int COLLECTIONS = 4;
    private static final double NANOS = 1e9;
    private static final Duration LATER = Duration.ofHours(1);
    private static final Reply OK = new Reply("2.0.0", "ok");

    private final int recipients;
    private final int perMessage;
    private final int destinations;

    private Figures(int recipients, int perMessage, int destinations) {
        this.recipients = recipients;
        this.perMessage = perMessage;
        this.destinations = destinations;
    }

    /** Does nothing, at once or not at all. */
    private static final class Null implements TransportProvider {

        private boolean silent;
        private long served;

        @Override
        public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
            if (silent) {
                return new CompletableFuture<>();
            }
            int count = consignment.recipients().size();
            served += count;
            return CompletableFuture.completedFuture(Collections.nCopies(count, new Outcome.Relayed(OK)));
        }

        @Override
        public String lane(Address address) {
            return address.domain();
        }

        @Override
        public TransportStatus status() {
            return new TransportStatus(TransportStatus.Condition.AVAILABLE, "null");
        }
    }

    public static void main(String[] arguments) throws Exception {
        int recipients = argument(arguments, 0, 1_000_000);
        int perMessage = argument(arguments, 1, 1);
        Figures figures = new Figures(recipients, perMessage, argument(arguments, 2, 1000));
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        for (int round = 1; round <= argument(arguments, 3, 3); round++) {
            out.println(figures.speed(round));
        }
        out.println(figures.heap());
    }

    private static int argument(String[] arguments, int index, int absent) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : absent;
    }

    /** A core with a full queue and without a transport; what happens is told to nobody. */
    private Bench full(int window) throws Exception {
        Bench bench = new Bench(CoreSettings.read(Map.of("window", window)), false);
        bench.withStore(new IndexedStore(bench.clock));
        for (int i = 0; i < recipients; i += perMessage) {
            String domain = "@d" + i / perMessage % destinations + ".example";
            List<Address> to = new ArrayList<>();
            for (int k = 0; k < perMessage; k++) {
                to.add(Address.smtp("user" + (i + k) + domain));
            }
            // Not due before the transport is there: nothing waits for it.
            bench.submit(Envelope.of(Address.smtp("sender" + i % SENDERS + "@example.com"), to)
                    .with(Envelope.Options.DEFAULT.withNotBefore(
                            bench.clock.instant().plus(LATER))));
        }
        return bench;
    }

    private String speed(int round) throws Exception {
        Bench bench = full(20_000);
        Null transport = new Null();
        bench.transport(20, transport, "null", 0, "SMTP");
        long start = System.nanoTime();
        long busy = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        bench.advance(LATER);
        double seconds = (System.nanoTime() - start) / NANOS;
        double own = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - busy) / NANOS;
        return String.format(
                Locale.ROOT,
                "round %d: %d of %d recipients; %.2f s of the processor: %.0f a second; %.2f s by the clock: %.0f a second",
                round,
                transport.served,
                recipients,
                own,
                transport.served / own,
                seconds,
                transport.served / seconds);
    }

    /** The difference between a queue of which nothing is in work and the same queue with all in work. */
    private String heap() throws Exception {
        Bench bench = full(10_000_000);
        Null transport = new Null();
        transport.silent = true;
        bench.transport(20, transport, "null", 0, "SMTP");
        long before = used();
        bench.advance(LATER);
        int active = bench.core.window().recipients();
        long after = used();
        return String.format(
                Locale.ROOT, "heap: %d recipients in work, %d octets each", active, (after - before) / active);
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
