package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.SpoolId;
import io.spooler.core.admin.Desk;
import io.spooler.core.client.Awaiting;
import io.spooler.core.client.Client;
import io.spooler.core.event.Events;
import io.spooler.core.loop.ThreadLoop;
import io.spooler.core.registry.Registry;
import io.spooler.hook.Decision;
import io.spooler.hook.HookProperties;
import io.spooler.hook.PreProcessor;
import io.spooler.store.MessageStore;
import io.spooler.testkit.MemoryStore;
import io.spooler.transport.Consignment;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real threads: what a client calls returns before hooks and transports run, and runs none of their code itself. */
class BackgroundTest {

    private static final long PATIENCE = 20;

    private final ThreadLoop loop = new ThreadLoop();
    private final ExecutorService workers = Executors.newSingleThreadExecutor(r -> new Thread(r, "test-hooks"));
    private final Registry registry = new Registry();
    private final Awaiting awaiting = new Awaiting();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final BlockingQueue<Thread> ran = new LinkedBlockingQueue<>();
    private Client client;

    @BeforeEach
    void start() {
        Events events = new Events(Runnable::run, awaiting::onEvent, awaiting::wants);
        Core core = new Core(
                loop, Clock.systemUTC(), workers, workers, registry, events, CoreSettings.defaults(), "spool.example");
        Desk desk = new Desk(loop, core.window(), core.pump(), core.settler(), core.delivery(), registry::snapshot);
        client = new Client(core.entrance(), Clock.systemUTC(), desk, awaiting, core.hearsay(), registry::snapshot);
        core.open();
        loop.start();
        PreProcessor hook = message -> {
            ran.add(Thread.currentThread());
            awaitGate();
            return Decision.CONTINUE;
        };
        registry.putStore(new MemoryStore(Clock.systemUTC()), Map.of("service.id", 1L, MessageStore.NAME, "memory"));
        registry.putPreProcessor(hook, Map.of("service.id", 2L, HookProperties.NAME, "hook"));
        registry.putTransport(
                new Recording(),
                Map.of(
                        "service.id",
                        3L,
                        TransportProvider.NAME,
                        "smtp",
                        TransportProvider.TYPES,
                        new String[] {"SMTP"},
                        TransportProvider.PATTERNS,
                        new String[0]));
    }

    @AfterEach
    void stop() {
        gate.countDown();
        loop.close();
        workers.shutdownNow();
    }

    private void awaitGate() {
        try {
            assertThat(gate.await(PATIENCE, TimeUnit.SECONDS))
                    .as("the test opens the gate")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Recording implements TransportProvider {

        @Override
        public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
            ran.add(Thread.currentThread());
            return CompletableFuture.completedFuture(List.of(new Outcome.Relayed(FakeTransport.OK)));
        }

        @Override
        public String lane(Address address) {
            ran.add(Thread.currentThread());
            return "";
        }

        @Override
        public TransportStatus status() {
            return new TransportStatus(TransportStatus.Condition.AVAILABLE, "recording");
        }
    }

    @Test
    void submitting_returns_while_hooks_and_transports_have_not_run() throws Exception {
        SpoolId id = client.submit(
                Envelope.of(null, List.of(Address.smtp("ann@example.org"))), out -> out.write(new byte[] {1}));
        CompletableFuture<MessageStatus> end = client.await(id).toCompletableFuture();
        assertThat(end)
                .as("the hook is kept at the gate, but submit has returned")
                .isNotDone();

        gate.countDown();
        assertThat(end.get(PATIENCE, TimeUnit.SECONDS).complete()).isTrue();
        assertThat(ran)
                .as("threads of hook, lane and delivery")
                .hasSizeGreaterThanOrEqualTo(3)
                .doesNotContain(Thread.currentThread());
    }
}
