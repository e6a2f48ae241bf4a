package io.spooler.itests.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolListener;
import io.spooler.transport.Consignment;
import io.spooler.transport.Inlet;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * Two transports of one process hand each other what they carry, beside the outgoing half alone; {@code
 * -Dspooler.exchange=100000} for so many messages.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class ExchangeIT extends ContainerTest {

    private static final int MESSAGES = Integer.getInteger("spooler.exchange", 2000);
    private static final int CLIENTS = 32;
    private static final int CONCURRENCY = 64;
    private static final int PAGE = 1000;
    private static final int MAILBOXES = 10;
    private static final long PATIENCE_SECONDS = 300;
    private static final byte[] CONTENT =
            ("Subject: one of many\r\n\r\n" + "x".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);

    @Inject
    private Mailboxes mailboxes;

    @Configuration
    public Option[] container() throws Exception {
        return new Option[] {Setup.spooler()};
    }

    @Test
    public void handsEveryMessageOverOnce() throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(4, r -> new Thread(r, "test-transport"));
        Side left = new Side("left", workers);
        Side right = new Side("right", workers);
        left.other = right;
        right.other = left;
        List<ServiceRegistration<?>> services = List.of(register(left), register(right));
        try {
            run(MESSAGES / 10, 0); // Warms up.
            double alone = run(MESSAGES, 0);
            left.handsOver = true;
            right.handsOver = true;
            double both = run(MESSAGES, MESSAGES);
            // The log of the container tells errors only.
            System.out.printf("%d messages: %.0f a second out, %.0f out and in%n", MESSAGES, alone, both);
            assertThat(filed()).as("messages in mailboxes").hasSize(MESSAGES).doesNotHaveDuplicates();
        } finally {
            services.forEach(ServiceRegistration::unregister);
            workers.shutdown();
        }
    }

    private ServiceRegistration<?> register(Side side) {
        return context.registerService(
                TransportProvider.class,
                side,
                FrameworkUtil.asDictionary(Map.of(
                        TransportProvider.NAME,
                        side.name,
                        TransportProvider.TYPES,
                        side.name.toUpperCase(Locale.ROOT),
                        TransportProvider.CONCURRENCY,
                        CONCURRENCY,
                        TransportProvider.INBOUND_CONCURRENCY,
                        CONCURRENCY)));
    }

    /** Messages a second, from the first submission to the last completion and arrival. */
    private double run(int messages, int arrivals) throws Exception {
        Count count = new Count(messages, arrivals);
        ServiceRegistration<?> listener = context.registerService(SpoolListener.class, count, null);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS, r -> new Thread(r, "test-client"));
        try {
            long before = System.nanoTime();
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                all.add(clients.submit(() -> send(next, messages)));
            }
            for (Future<?> each : all) {
                each.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            count.await();
            return messages * 1e9 / (System.nanoTime() - before);
        } finally {
            clients.shutdown();
            listener.unregister();
        }
    }

    private Void send(AtomicInteger next, int messages) throws Exception {
        for (int i = next.getAndIncrement(); i < messages; i = next.getAndIncrement()) {
            String type = i % 2 == 0 ? "LEFT" : "RIGHT";
            Envelope envelope = Envelope.of(
                    Address.smtp("sender@client.test"), List.of(new Address(type, "box" + i / 2 % MAILBOXES)));
            spooler.submit(envelope, target -> target.write(CONTENT));
        }
        return null;
    }

    private List<String> filed() {
        List<String> ids = new ArrayList<>();
        List<Mailboxes.Entry> page = mailboxes.since(0, PAGE);
        while (!page.isEmpty()) {
            page.forEach(entry -> ids.add(entry.id().toString()));
            page = mailboxes.since(page.get(page.size() - 1).sequence(), PAGE);
        }
        return ids;
    }

    /** Counts what became final and what came in. */
    private static final class Count implements SpoolListener {

        private final CountDownLatch completed;
        private final CountDownLatch arrived;

        Count(int messages, int arrivals) {
            completed = new CountDownLatch(messages);
            arrived = new CountDownLatch(arrivals);
        }

        @Override
        public void onEvent(SpoolEvent event) {
            if (event instanceof SpoolEvent.Completed) {
                completed.countDown();
            } else if (event instanceof SpoolEvent.Arrived) {
                arrived.countDown();
            }
        }

        void await() throws InterruptedException {
            assertThat(completed.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("all completed but %s", completed.getCount())
                    .isTrue();
            assertThat(arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("all arrived but %s", arrived.getCount())
                    .isTrue();
        }
    }

    /** Hands what it carries to the other's inlet, and answers when that has it; or answers at once. */
    private static final class Side implements TransportProvider {

        private static final Reply OK = new Reply("2.0.0", "handed over");

        private final String name;
        private final ExecutorService workers;
        private volatile Side other = this;
        private volatile Inlet inlet;
        private volatile boolean handsOver;

        Side(String name, ExecutorService workers) {
            this.name = name;
            this.workers = workers;
        }

        @Override
        public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
            if (!handsOver) {
                return CompletableFuture.completedFuture(outcomes(consignment));
            }
            Inlet.Arrival arrival = new Inlet.Arrival(
                    other.name,
                    consignment.recipients().get(0).address().value(),
                    consignment.sender(),
                    Inlet.Arrival.NOTE);
            return other.inlet
                    .ask(arrival)
                    .thenComposeAsync(reception -> fill(reception, consignment), workers)
                    .thenApply(entry -> outcomes(consignment));
        }

        private static CompletionStage<?> fill(Inlet.Reception reception, Consignment consignment) {
            try (InputStream in = consignment.content().open()) {
                reception.write(ByteBuffer.wrap(in.readAllBytes()));
                return reception.commit();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }

        private static List<Outcome> outcomes(Consignment consignment) {
            return Collections.nCopies(consignment.recipients().size(), new Outcome.Relayed(OK));
        }

        @Override
        public TransportStatus status() {
            return new TransportStatus(TransportStatus.Condition.AVAILABLE, name);
        }

        @Override
        public void openInbound(Inlet in) {
            inlet = in;
        }
    }
}
