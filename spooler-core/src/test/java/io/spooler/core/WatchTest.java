package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Mailboxes;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.SpoolListener;
import io.spooler.core.client.Reading;
import io.spooler.core.event.Events;
import io.spooler.core.loop.ThreadLoop;
import io.spooler.core.registry.Registry;
import io.spooler.hook.HookProperties;
import io.spooler.hook.Verdict;
import io.spooler.store.MessageStore;
import io.spooler.testkit.MemoryStore;
import io.spooler.transport.Inlet;
import io.spooler.transport.TransportProvider;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that look at what comes in, with the real threads. */
class WatchTest {

    private static final long PATIENCE = 120;
    private static final int SENDERS = 4;
    private static final int EACH = 1250;

    private final MemoryStore store = new MemoryStore(Clock.systemUTC());
    private final List<Live> lives = new ArrayList<>();

    @AfterEach
    void stop() {
        lives.forEach(Live::close);
    }

    /** One life of the spooler over a store that outlives it. */
    private final class Live implements AutoCloseable {

        final ThreadLoop loop = new ThreadLoop();
        final ExecutorService workers = Executors.newFixedThreadPool(2, r -> new Thread(r, "test-hooks"));
        final ExecutorService tellers = Executors.newCachedThreadPool(r -> new Thread(r, "test-events"));
        final Registry registry = new Registry();
        final Events events = new Events(tellers, event -> {});
        final Mailboxes mailboxes;
        final List<FakeTransport> transports = new ArrayList<>();

        Live() throws Exception {
            lives.add(this);
            Core core = new Core(
                    loop,
                    Clock.systemUTC(),
                    workers,
                    workers,
                    registry,
                    events,
                    CoreSettings.defaults(),
                    "spool.example");
            mailboxes = new Reading(registry::snapshot, core.doors().fates()::of, core.receipts());
            core.open();
            loop.start();
            registry.putStore(store, Map.of("service.id", 1L, MessageStore.NAME, "memory"));
            for (long i = 0; i < SENDERS; i++) {
                FakeTransport transport = new FakeTransport();
                transports.add(transport);
                registry.putTransport(transport, Map.of("service.id", 10 + i, TransportProvider.NAME, "t" + i));
            }
            loop.call(() -> true).get(PATIENCE, TimeUnit.SECONDS);
        }

        /** Every other message goes through a hook, and so by another thread. */
        void withHook() {
            registry.putPostProcessor(
                    message -> Verdict.CONTINUE,
                    Map.of("service.id", 5L, HookProperties.NAME, "idle", HookProperties.TRANSPORTS, "t1"));
        }

        void send(int number, int count) {
            for (int i = 0; i < count; i++) {
                receive(transports.get(number).inlet, "t" + number, "box" + (i % 7));
            }
        }

        @Override
        public void close() {
            loop.close();
            workers.shutdown();
            tellers.shutdown();
        }
    }

    private static void receive(Inlet inlet, String transport, String mailbox) {
        try (Inlet.Reception reception = inlet.receive(new Inlet.Arrival(transport, mailbox, null, ""))) {
            reception.write(ByteBuffer.wrap(new byte[] {'x'}));
            reception.commit().toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client: an event is a bell, and what it has seen it knows by one number, which is all that it keeps. */
    private static final class Client implements SpoolListener {

        private final Mailboxes mailboxes;
        private final List<Mailboxes.Entry> seen;
        private long last;

        Client(Mailboxes mailboxes, List<Mailboxes.Entry> seen, long last) {
            this.mailboxes = mailboxes;
            this.seen = seen;
            this.last = last;
        }

        @Override
        public void onEvent(SpoolEvent event) {
            look();
        }

        synchronized long look() {
            for (Mailboxes.Entry entry : mailboxes.since(last, Integer.MAX_VALUE)) {
                seen.add(entry);
                last = entry.sequence();
            }
            return last;
        }
    }

    private void send(Live live) throws Exception {
        CompletableFuture<?>[] senders = new CompletableFuture<?>[SENDERS];
        for (int i = 0; i < SENDERS; i++) {
            int number = i;
            senders[i] =
                    CompletableFuture.runAsync(() -> live.send(number, EACH), Executors.newSingleThreadExecutor(r -> {
                        Thread thread = new Thread(r, "test-sender");
                        thread.setDaemon(true);
                        return thread;
                    }));
        }
        CompletableFuture.allOf(senders).get(PATIENCE, TimeUnit.SECONDS);
    }

    /** R55, over two lives of the spooler and three of the client: 10 000 messages. */
    @Test
    void a_client_sees_each_of_ten_thousand_messages_once_and_in_order() throws Exception {
        List<Mailboxes.Entry> seen = Collections.synchronizedList(new ArrayList<>());
        Told told = new Told();
        Live first = new Live();
        first.withHook();
        first.events.add(told);
        Client client = new Client(first.mailboxes, seen, 0);
        first.events.add(client);
        first.send(0, 100);
        first.events.remove(client);
        long kept = client.look();
        first.send(0, 100);
        Client again = new Client(first.mailboxes, seen, kept);
        first.events.add(again);
        send(first);
        told.await(200 + SENDERS * EACH);
        first.events.remove(again);
        kept = again.look();
        first.close();

        Live second = new Live();
        second.events.add(told);
        second.send(0, 10);
        second.events.add(new Client(second.mailboxes, seen, kept));
        send(second);
        told.await(210 + 2 * SENDERS * EACH);
        second.close();
        assertThat(second.tellers.awaitTermination(PATIENCE, TimeUnit.SECONDS)).isTrue();

        assertThat(seen).hasSize(210 + 2 * SENDERS * EACH);
        assertThat(seen).extracting(Mailboxes.Entry::sequence).isSorted().doesNotHaveDuplicates();
        assertThat(told.order).as("events, one each, in order for each mailbox").isEmpty();
        assertThat(told.ids).hasSize(seen.size()).doesNotHaveDuplicates();
    }

    /** Counts events and looks at their order. */
    private static final class Told implements SpoolListener {

        final List<SpoolId> ids = new ArrayList<>();
        final List<String> order = new ArrayList<>();
        private final Map<String, Long> last = new HashMap<>();

        @Override
        public synchronized void onEvent(SpoolEvent event) {
            if (event instanceof SpoolEvent.Arrived arrived) {
                ids.add(event.id());
                Mailboxes.Entry entry = arrived.entry();
                Long before = last.put(entry.mailbox(), entry.sequence());
                if (before != null && before >= entry.sequence()) {
                    order.add(entry.mailbox() + ": " + entry.sequence() + " behind " + before);
                }
                notifyAll();
            }
        }

        synchronized void await(int count) throws InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
            while (ids.size() < count) {
                long left = end - System.nanoTime();
                assertThat(left).as("%s of %s events came", ids.size(), count).isPositive();
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
    }

    /** One message at a time: from the call of commit to the listener. */
    @Test
    void is_told_soon_after_the_commit() throws Exception {
        Live live = new Live();
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            CountDownLatch heard = new CountDownLatch(1);
            long[] when = new long[2];
            SpoolListener listener = event -> {
                when[1] = System.nanoTime();
                heard.countDown();
            };
            live.events.add(listener);
            try (Inlet.Reception reception =
                    live.transports.get(0).inlet.receive(new Inlet.Arrival("t0", "ann", null, ""))) {
                when[0] = System.nanoTime();
                reception.commit().toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS);
                assertThat(heard.await(PATIENCE, TimeUnit.SECONDS))
                        .as("the event")
                        .isTrue();
            }
            live.events.remove(listener);
            delays.add(when[1] - when[0]);
        }
        Collections.sort(delays);
        assertThat(TimeUnit.NANOSECONDS.toMicros(delays.get(989)))
                .as("microseconds, 99 of 100; the middle is %s", TimeUnit.NANOSECONDS.toMicros(delays.get(500)))
                .isLessThan(1_000_000);
    }
}
