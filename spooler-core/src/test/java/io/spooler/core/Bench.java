package io.spooler.core;

import io.spooler.Address;
import io.spooler.Draft;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.SpoolEvent;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.core.admin.Administration;
import io.spooler.core.admin.Control;
import io.spooler.core.admin.Desk;
import io.spooler.core.client.Awaiting;
import io.spooler.core.client.Client;
import io.spooler.core.client.Reading;
import io.spooler.core.event.Events;
import io.spooler.core.registry.Registry;
import io.spooler.hook.AddressBook;
import io.spooler.hook.HookProperties;
import io.spooler.hook.OutboundHook;
import io.spooler.hook.PostProcessor;
import io.spooler.hook.PreProcessor;
import io.spooler.hook.RetryPolicy;
import io.spooler.store.MessageStore;
import io.spooler.store.Settlement;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.MemoryStore;
import io.spooler.transport.TransportProvider;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A core on one thread and in simulated time, with a store in memory. */
final class Bench {

    final ManualClock clock;
    final ManualLoop loop;
    final Registry registry = new Registry();
    final MemoryStore store;
    final List<SpoolEvent> told = new ArrayList<>();
    final Awaiting awaiting = new Awaiting();
    final Events events = new Events(Runnable::run, awaiting::onEvent, awaiting::wants);
    final Core core;
    final Client client;
    final Administration admin;
    final Control control;
    final Desk desk;
    final Reading mailboxes;
    Executor workers = Runnable::run;
    Executor clerks = Runnable::run;
    private long ids = 1;

    Bench() {
        this(CoreSettings.defaults());
    }

    Bench(CoreSettings settings) {
        this(settings, true);
    }

    Bench(CoreSettings settings, boolean listening) {
        this(settings, listening, new ManualClock(), null);
    }

    private Bench(CoreSettings settings, boolean listening, ManualClock clock, MemoryStore former) {
        this.clock = clock;
        loop = new ManualLoop(clock);
        store = former == null ? new MemoryStore(clock) : former;
        if (listening) {
            events.add(told::add);
        }
        core = new Core(
                loop,
                clock,
                piece -> workers.execute(piece),
                piece -> clerks.execute(piece),
                registry,
                events,
                settings,
                "spool.example");
        desk = new Desk(loop, core.window(), core.pump(), core.settler(), core.delivery(), registry::snapshot);
        client = new Client(core.entrance(), clock, desk, awaiting, core.hearsay(), registry::snapshot);
        admin = new Administration(
                loop,
                clock,
                new Random(1),
                registry::snapshot,
                () -> core.settings().retry().maxAge(),
                core.window(),
                core.startWait(),
                core.delivery(),
                core.health(),
                core.gate()::status,
                core.doors(),
                desk,
                events);
        control = new Control(
                loop,
                clock,
                new Random(2),
                registry::snapshot,
                core.delivery(),
                core.doors(),
                core.probes(),
                core.flushing(),
                core.gate(),
                admin::again,
                events);
        mailboxes = new Reading(registry::snapshot, core.doors().fates()::of, core.receipts());
        core.open();
    }

    /** The process is killed: a new core, of which nothing is registered, for the same store. */
    Bench killed() {
        loop.kill();
        store.forgetClaims();
        return new Bench(core.settings(), false, clock, store);
    }

    /** Whether a store is asked to record more than that work begins or rests. */
    static boolean isOutcome(Method method, Object[] arguments) {
        return method.getName().equals("settle") && !((Settlement) arguments[1]).isEmpty();
    }

    /** The store, but that its settlements are complete only when the test runs what is collected here. */
    Bench withSlowStore(List<Runnable> late) {
        MessageStore slow = (MessageStore) Proxy.newProxyInstance(
                MessageStore.class.getClassLoader(),
                new Class<?>[] {MessageStore.class},
                (proxy, method, arguments) -> {
                    Object result = method.invoke(store, arguments);
                    if (!isOutcome(method, arguments)) {
                        return result;
                    }
                    CompletableFuture<Object> later = new CompletableFuture<>();
                    late.add(() -> later.complete(null));
                    return later;
                });
        registry.putStore(slow, Map.of("service.id", ids++, MessageStore.NAME, "slow"));
        return this;
    }

    /** The store, but that reports are durable only when the test runs what is collected here. */
    Bench withSlowReports(List<Runnable> late) {
        MessageStore slow = (MessageStore) Proxy.newProxyInstance(
                MessageStore.class.getClassLoader(),
                new Class<?>[] {MessageStore.class},
                (proxy, method, arguments) -> {
                    Object result = method.invoke(store, arguments);
                    boolean report = method.getName().equals("begin") && ((Envelope) arguments[0]).sender() == null;
                    return report ? slow((Draft) result, late) : result;
                });
        registry.putStore(slow, Map.of("service.id", ids++, MessageStore.NAME, "slow"));
        return this;
    }

    private static Draft slow(Draft draft, List<Runnable> late) {
        return (Draft) Proxy.newProxyInstance(
                Draft.class.getClassLoader(), new Class<?>[] {Draft.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(draft, arguments);
                    if (!method.getName().equals("commit")) {
                        return result;
                    }
                    CompletableFuture<Object> later = new CompletableFuture<>();
                    late.add(() -> later.complete(draft.id()));
                    return later;
                });
    }

    Bench withStore() {
        registry.putStore(store, Map.of("service.id", ids++, MessageStore.NAME, "memory"));
        return this;
    }

    Bench withStore(MessageStore other) {
        registry.putStore(other, Map.of("service.id", ids++, MessageStore.NAME, "other"));
        return this;
    }

    Map<String, Object> policy(RetryPolicy policy, String name, int ranking) {
        Map<String, Object> properties =
                Map.of("service.id", ids++, "service.ranking", ranking, HookProperties.NAME, name);
        registry.putRetryPolicy(policy, properties);
        return properties;
    }

    /** Registers a transport for types such as {@code SMTP} and patterns such as {@code SMTP:*@example.org}. */
    Map<String, Object> transport(TransportProvider transport, String name, int ranking, String... carried) {
        return transport(2, Long.MAX_VALUE, transport, name, ranking, carried);
    }

    Map<String, Object> transport(
            TransportProvider transport, String name, int ranking, long maxSize, String... carried) {
        return transport(2, maxSize, transport, name, ranking, carried);
    }

    Map<String, Object> transport(
            int concurrency, TransportProvider transport, String name, int ranking, String... carried) {
        return transport(concurrency, Long.MAX_VALUE, transport, name, ranking, carried);
    }

    private Map<String, Object> transport(
            int concurrency, long maxSize, TransportProvider transport, String name, int ranking, String... carried) {
        Map<String, Object> properties = Map.of(
                "service.id",
                ids++,
                "service.ranking",
                ranking,
                TransportProvider.NAME,
                name,
                TransportProvider.TYPES,
                Arrays.stream(carried).filter(c -> c.indexOf(':') < 0).toArray(String[]::new),
                TransportProvider.PATTERNS,
                Arrays.stream(carried).filter(c -> c.indexOf(':') >= 0).toArray(String[]::new),
                TransportProvider.CONCURRENCY,
                concurrency,
                TransportProvider.MAX_SIZE,
                maxSize);
        registry.putTransport(transport, properties);
        return properties;
    }

    /** The same transport, as the component of a configuration. */
    Map<String, Object> configured(TransportProvider transport, Map<String, Object> properties, String pid) {
        Map<String, Object> more = new HashMap<>(properties);
        more.put("service.pid", pid);
        registry.putTransport(transport, more);
        return more;
    }

    /** Settings from now on, for example {@code settings("max_wait", "1h")}. */
    Bench settings(String... keysAndValues) throws Exception {
        core.configure(CoreSettings.read(map(keysAndValues)));
        return this;
    }

    static Map<String, Object> map(String... keysAndValues) {
        Map<String, Object> properties = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return properties;
    }

    Map<String, Object> hook(PreProcessor hook, String name, int ranking) {
        Map<String, Object> properties =
                Map.of("service.id", ids++, "service.ranking", ranking, HookProperties.NAME, name);
        registry.putPreProcessor(hook, properties);
        return properties;
    }

    void sentHook(OutboundHook hook, String name, int ranking) {
        registry.putOutboundHook(
                hook, Map.of("service.id", ids++, "service.ranking", ranking, HookProperties.NAME, name));
    }

    Map<String, Object> book(AddressBook book, String name, int ranking) {
        Map<String, Object> properties =
                Map.of("service.id", ids++, "service.ranking", ranking, HookProperties.NAME, name);
        registry.putAddressBook(book, properties);
        return properties;
    }

    void hook(PostProcessor hook, String name) {
        registry.putPostProcessor(hook, Map.of("service.id", ids++, HookProperties.NAME, name));
    }

    SpoolId send(String... recipients) throws SpoolException {
        return submit(Envelope.of(
                Address.smtp("sender@example.com"),
                Arrays.stream(recipients).map(Address::parse).toList()));
    }

    SpoolId submit(Envelope envelope) throws SpoolException {
        return client.submit(
                envelope, out -> out.write("Subject: test\r\n\r\nhello\r\n".getBytes(StandardCharsets.UTF_8)));
    }

    MessageStatus status(SpoolId id) {
        return client.find(id).orElseThrow();
    }

    List<RecipientState> states(SpoolId id) {
        return status(id).recipients().stream().map(RecipientStatus::state).toList();
    }

    RecipientStatus first(SpoolId id) {
        return status(id).recipients().get(0);
    }

    void advance(Duration step) {
        loop.advance(step);
    }

    List<SpoolEvent.Arrived> arrived() {
        return told.stream()
                .filter(SpoolEvent.Arrived.class::isInstance)
                .map(SpoolEvent.Arrived.class::cast)
                .toList();
    }
}
