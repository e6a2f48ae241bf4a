package io.spooler.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.SpoolListener;
import io.spooler.transport.Consignment;
import io.spooler.transport.Inlet;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.FrameworkUtil;

/**
 * How soon a listener hears of a message, while nothing else happens: from the call of commit, the hooks and the disk included. One
 * message at a time; {@code -Dspooler.arrivals=10000} for so many.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class ArrivalIT extends ContainerTest {

    private static final int MESSAGES = Integer.getInteger("spooler.arrivals", 200);
    private static final int WARM_UP = 100;
    private static final long PATIENCE_SECONDS = 30;
    private static final byte[] CONTENT =
            ("Subject: one of many\r\n\r\n" + "x".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);

    private final CompletableFuture<Inlet> inlet = new CompletableFuture<>();
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    private record Heard(SpoolId id, long nanos) {}

    @Configuration
    public Option[] container() throws Exception {
        return new Option[] {Setup.spooler("hooks-preprocess")};
    }

    @Test
    public void aListenerHearsOfEachMessageOnceAndSoon() throws Exception {
        SpoolListener listener = event -> {
            if (event instanceof SpoolEvent.Arrived) {
                heard.add(new Heard(event.id(), System.nanoTime()));
            }
        };
        context.registerService(SpoolListener.class, listener, null);
        context.registerService(
                TransportProvider.class,
                new Source(),
                FrameworkUtil.asDictionary(Map.of(TransportProvider.NAME, "source")));
        Inlet open = inlet.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long[] delays = new long[MESSAGES];
        for (int i = -WARM_UP; i < MESSAGES; i++) {
            long delay = bring(open);
            delays[Math.max(i, 0)] = delay;
        }
        Arrays.sort(delays);
        System.out.printf(
                "%d arrivals, from commit to listener: p50 %d µs, p99 %d µs, longest %d µs%n",
                MESSAGES, micros(delays, 0.5), micros(delays, 0.99), micros(delays, 1));
        assertThat(heard).as("heard of besides").isEmpty();
    }

    /** Nanoseconds from the commit to the listener. */
    private long bring(Inlet open) throws Exception {
        try (Inlet.Reception reception = open.receive(new Inlet.Arrival("source", "ann", null, Inlet.Arrival.NOTE))) {
            reception.write(ByteBuffer.wrap(CONTENT));
            long begun = System.nanoTime();
            var commit = reception.commit().toCompletableFuture();
            Heard next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next).as("an arrival").isNotNull();
            assertThat(commit.get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .orElseThrow()
                            .id())
                    .isEqualTo(next.id());
            return next.nanos() - begun;
        }
    }

    private static long micros(long[] sorted, double part) {
        return TimeUnit.NANOSECONDS.toMicros(sorted[(int) Math.ceil(part * sorted.length) - 1]);
    }

    /** Brings, and carries nothing. */
    private final class Source implements TransportProvider {

        @Override
        public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
            return CompletableFuture.completedFuture(
                    Collections.nCopies(consignment.recipients().size(), new Outcome.NotMine()));
        }

        @Override
        public TransportStatus status() {
            return new TransportStatus(TransportStatus.Condition.AVAILABLE, "source");
        }

        @Override
        public void openInbound(Inlet opened) {
            inlet.complete(opened);
        }
    }
}
