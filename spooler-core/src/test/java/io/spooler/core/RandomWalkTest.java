package io.spooler.core;

import static io.spooler.Recipient.Notify.DELAY;
import static io.spooler.Recipient.Notify.FAILURE;
import static io.spooler.Recipient.Notify.NEVER;
import static io.spooler.Recipient.Notify.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Recipient.Alternative;
import io.spooler.Recipient.Notify;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.admin.Filter;
import io.spooler.admin.Order;
import io.spooler.admin.Order.Action;
import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.admin.SpoolControl.Closing;
import io.spooler.hook.Decision;
import io.spooler.store.Message;
import io.spooler.store.MessageStore;
import io.spooler.transport.Consignment;
import io.spooler.transport.Outcome;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a spooler: messages come, some with alternatives, transports come, answer, defer, fall silent, are away and
 * go, administrators interfere, time passes, and now and then the process is killed, also in the middle of a record, and a
 * new one goes on with the same store. In the end everything works, and then no recipient may be left, and none may have been
 * offered after its last state, and each end and each delay must have been reported exactly as its sender asked; only what was
 * killed between a report and its record may be reported again. A failing seed is named and can be run alone; {@code
 * -Dspooler.walks=10000} runs more.
 */
class RandomWalkTest {

    private static final List<Closing> WAYS = List.copyOf(EnumSet.allOf(Closing.class));
    private static final int SEEDS = Integer.getInteger("spooler.walks", 150);
    private static final int STEPS = 60;
    private static final List<Set<Notify>> WISHES = List.of(
            Set.of(),
            Set.of(NEVER),
            Set.of(SUCCESS),
            Set.of(FAILURE),
            Set.of(DELAY),
            Set.of(SUCCESS, DELAY),
            Set.of(SUCCESS, FAILURE, DELAY));
    private static final Pattern BLOCK = Pattern.compile("Final-Recipient: rfc822; (\\S+)\r\nAction: (\\w+)");
    private static final Address SENDER = new Address(Address.LOCAL, "sender");
    private static final Map<String, Notify> OCCASIONS =
            Map.of("failed", FAILURE, "relayed", SUCCESS, "delayed", DELAY);
    private static final String[] DOMAINS = {"a.example", "b.example", "c.example"};

    @Test
    void no_recipient_is_lost_and_none_is_served_after_its_end() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                new Walk(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static final class Killed extends Error {

        private static final long serialVersionUID = 1;
    }

    private static final class Walk {

        private final SplittableRandom random;
        private Bench bench = new Bench(CoreSettings.defaults(), false);
        private final List<SpoolId> ids = new ArrayList<>();
        private final List<String> sent = new ArrayList<>();
        private final List<Order.Result> orders = new ArrayList<>();
        private final Map<String, RecipientState> ends = new HashMap<>();
        private final Map<String, Recipient> wishes = new HashMap<>();
        private final Set<String> late = new HashSet<>();
        private final Set<String> torn = new HashSet<>();
        private final List<String> wrong = new ArrayList<>();
        private final List<String> reported = new ArrayList<>();
        private final Map<FakeTransport, Map<String, Object>> present = new LinkedHashMap<>();
        private final boolean hooks;
        private int senders;
        private int fuse;
        private boolean calm;

        private Walk(long seed) {
            random = new SplittableRandom(seed);
            hooks = random.nextInt(3) == 0;
            furnish();
        }

        private void furnish() {
            bench.events.add(this::hear);
            bench.withStore((MessageStore) Proxy.newProxyInstance(
                    MessageStore.class.getClassLoader(), new Class<?>[] {MessageStore.class}, this::store));
            bench.transport(transport(this::filed), "post", 0, "LOCAL");
            if (hooks) {
                bench.hook(message -> hook(), "hook", 0);
            }
        }

        private FakeTransport transport(Function<Address, Outcome> answer) {
            FakeTransport transport = new FakeTransport();
            transport.answer = answer;
            transport.look = this::offered;
            return transport;
        }

        /** What has come to its end is offered to nobody. */
        private void offered(Consignment consignment) {
            for (Recipient recipient : consignment.recipients()) {
                String key = key(consignment.id(), recipient);
                check(!ends.containsKey(key), key + " was offered after its end");
            }
        }

        /** What is thrown here would be lost on its way through stages. */
        private void check(boolean right, String otherwise) {
            if (!right) {
                wrong.add(otherwise);
            }
        }

        /** The store; while the fuse burns, the process is killed before or behind one of the next records. */
        private Object store(Object proxy, Method method, Object[] arguments) throws Throwable {
            boolean struck = method.getName().equals("settle") && fuse > 0 && --fuse == 0;
            boolean before = struck && random.nextBoolean();
            Object result = before ? null : invoke(method, arguments);
            if (struck) {
                bench.loop.kill();
                // Any of them may have been reported or recorded, and not the other, or not been told of.
                bench.core
                        .window()
                        .all()
                        .forEach(message -> message.message()
                                .envelope()
                                .recipients()
                                .forEach(r -> torn.add(first(r.address().value()))));
                throw new Killed();
            }
            return result;
        }

        private Object invoke(Method method, Object[] arguments) throws Throwable {
            try {
                return method.invoke(bench.store, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private void crash() {
            fuse = 1 + random.nextInt(4);
            try {
                switch (random.nextInt(3)) {
                    case 0 -> answer();
                    case 1 -> come();
                    default -> bench.advance(Duration.ofMinutes(random.nextInt(600)));
                }
            } catch (Killed e) {
                // In the middle; else behind the step.
            }
            fuse = 0;
            bench = bench.killed();
            present.clear();
            // An undo does not outlive its core.
            orders.clear();
            ids.forEach(this::lookUp);
            furnish();
        }

        /** What was recorded when nobody could be told of it any more. */
        private void lookUp(SpoolId id) {
            bench.store
                    .find(id)
                    .ifPresent(message -> message.recipients().stream()
                            .filter(status -> status.state().isFinal())
                            .forEach(status -> ends.putIfAbsent(key(id, status.recipient()), status.state())));
        }

        private Decision hook() {
            if (!calm && random.nextInt(5) == 0) {
                throw new IllegalStateException("hook");
            }
            return random.nextBoolean() ? Decision.CONTINUE : Decision.Change.prepend("X-Hook: 1\r\n");
        }

        /** A final state comes once, and nothing comes behind it. */
        private void hear(SpoolEvent event) {
            if (event instanceof SpoolEvent.Queued) {
                bench.store.find(event.id()).ifPresent(this::read);
            }
            if (event instanceof SpoolEvent.Delayed delayed) {
                String key = key(event.id(), delayed.recipient().recipient());
                check(late.add(key), key + " is late again");
            }
            if (event instanceof SpoolEvent.Changed changed) {
                RecipientStatus status = changed.recipient();
                String key = key(event.id(), status.recipient());
                check(!ends.containsKey(key), key + " became " + status.state() + " after its end");
                if (status.state().isFinal()) {
                    ends.put(key, status.state());
                }
            }
        }

        /** One recipient has one end, whichever of its addresses comes to it. */
        private static String key(SpoolId id, Recipient recipient) {
            return id + " " + first(recipient.address().value());
        }

        private static String first(String address) {
            return address.replaceFirst("^(alt\\.)+", "");
        }

        /** Reports go to local mailboxes, which refuse some. */
        private Outcome filed(Address address) {
            return calm || random.nextInt(10) > 0
                    ? new Outcome.Delivered(FakeTransport.OK)
                    : new Outcome.Failed(new Reply("5.2.2", "mailbox full"));
        }

        private void run() throws Exception {
            for (int i = 0; i < STEPS; i++) {
                step();
                assertThat(bench.loop.failure()).isNull();
                assertThat(wrong).isEmpty();
            }
            calmDown();
            assertThat(bench.loop.failure()).isNull();
            assertThat(wrong).isEmpty();
            assertThat(ends).as("every recipient has come to its end").containsKeys(sent.toArray(String[]::new));
            assertThat(bench.store.status().messages()).isZero();
            assertReported();
            assertThat(bench.core.window().recipients()).isZero();
        }

        private void assertReported() {
            List<String> asked = asked();
            assertThat(whole(reported)).as("reported as asked").containsExactlyInAnyOrderElementsOf(whole(asked));
            assertThat(reported).as("reported at least once").containsAll(asked);
            Map<String, Recipient> wishers = new HashMap<>();
            wishes.values().forEach(recipient -> wishers.put(recipient.address().value(), recipient));
            assertThat(reported).as("and to nobody else").allSatisfy(report -> {
                String[] words = report.split(" ", 2);
                assertThat(wishers.get(words[0]).wants(OCCASIONS.get(words[1]))).isTrue();
            });
        }

        private List<String> whole(List<String> reports) {
            return reports.stream()
                    .filter(report -> !torn.contains(report.substring(0, report.indexOf(' '))))
                    .toList();
        }

        /** What a report in the queue says, whatever becomes of it. */
        private void read(Message message) {
            if (message.envelope().sender() == null
                    && message.envelope().recipients().get(0).address().equals(SENDER)) {
                BLOCK.matcher(FakeTransport.read(message.accepted()))
                        .results()
                        .forEach(block -> reported.add(first(block.group(1)) + " " + block.group(2)));
            }
        }

        /** What should have been reported, by the ends and the wishes. */
        private List<String> asked() {
            List<String> asked = new ArrayList<>();
            for (String key : sent) {
                Recipient recipient = wishes.get(key);
                String address = recipient.address().value();
                RecipientState end = ends.get(key);
                if (end.isFailure() && recipient.wants(FAILURE)) {
                    asked.add(address + " failed");
                } else if (end == RecipientState.RELAYED && recipient.wants(SUCCESS)) {
                    asked.add(address + " relayed");
                }
                if (late.contains(key) && recipient.wants(DELAY)) {
                    asked.add(address + " delayed");
                }
            }
            return asked;
        }

        private void step() throws SpoolException {
            if (random.nextInt(25) == 0) {
                crash();
                return;
            }
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> submit();
                case 3 -> come();
                case 4 -> {
                    if (random.nextInt(4) == 0) {
                        released();
                    } else {
                        go();
                    }
                }
                case 5, 6, 7 -> answer();
                case 8 -> bench.advance(Duration.ofSeconds(random.nextInt(600)));
                case 9 -> administer();
                case 10 -> bench.advance(Duration.ofMinutes(random.nextInt(600)));
                default -> bench.control.flush(null, "walk");
            }
        }

        private void submit() throws SpoolException {
            List<Recipient> to = new ArrayList<>();
            int count = 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                Address address =
                        Address.smtp("u" + i + "." + senders++ + "@" + DOMAINS[random.nextInt(DOMAINS.length)]);
                to.add(new Recipient(address, WISHES.get(random.nextInt(WISHES.size())), null, null)
                        .withAlternatives(alternatives(address.value())));
            }
            SpoolId id = bench.submit(new Envelope(SENDER, to, Envelope.Options.DEFAULT));
            ids.add(id);
            for (Recipient recipient : to) {
                String key = key(id, recipient);
                sent.add(key);
                wishes.put(key, recipient);
            }
        }

        private List<Alternative> alternatives(String name) {
            List<Alternative> all = new ArrayList<>();
            int count = Math.max(0, random.nextInt(6) - 3);
            for (int i = 1; i <= count; i++) {
                Duration after = random.nextBoolean() ? null : Duration.ofMinutes(1 + random.nextInt(600));
                all.add(new Alternative(Address.smtp("alt.".repeat(i) + name), after));
            }
            return all;
        }

        private void come() {
            if (present.size() < 3) {
                FakeTransport transport = transport(this::outcome);
                transport.manual = random.nextBoolean();
                String carried = random.nextBoolean() ? "SMTP" : "SMTP:*@" + DOMAINS[random.nextInt(3)];
                present.put(transport, bench.transport(transport, "t" + senders++, random.nextInt(3), carried));
            }
        }

        private void go() {
            any(present.entrySet()).ifPresent(entry -> {
                present.remove(entry.getKey());
                bench.registry.remove(entry.getValue(), random.nextBoolean() ? List.of("pid") : List.of());
                if (random.nextBoolean()) {
                    answerAll(entry.getKey());
                }
            });
        }

        private void released() {
            bench.registry.released("pid");
        }

        private void answer() {
            any(present.keySet()).ifPresent(this::answerAll);
        }

        private <T> Optional<T> any(Set<T> choice) {
            return choice.stream().skip(random.nextInt(choice.size() + 1)).findFirst();
        }

        private void answerAll(FakeTransport transport) {
            for (int i = 0; i < transport.open.size(); i++) {
                CompletableFuture<List<Outcome>> open = transport.open.get(i);
                if (!open.isDone()) {
                    Consignment consignment = transport.taken.get(i);
                    if (!calm && random.nextInt(10) == 0) {
                        open.completeExceptionally(new IllegalStateException("transport"));
                    } else {
                        open.complete(transport.outcomes(consignment));
                    }
                }
            }
        }

        private Outcome outcome(Address address) {
            if (calm) {
                return new Outcome.Relayed(FakeTransport.OK);
            }
            Reply later = new Reply("4.0.0", "later");
            return switch (random.nextInt(8)) {
                case 0 -> new Outcome.NotMine();
                case 1 -> new Outcome.Failed(new Reply("5.0.0", "never"));
                case 2 -> new Outcome.Deferred(Outcome.Scope.LANE, null, later);
                case 3 -> new Outcome.Deferred(Outcome.Scope.TRANSPORT, Duration.ofMinutes(1), later);
                case 4 -> Outcome.Deferred.recipient(later);
                default -> new Outcome.Relayed(FakeTransport.OK);
            };
        }

        private void administer() {
            Filter filter = switch (random.nextInt(3)) {
                case 0 -> Filter.ALL;
                case 1 -> Filter.parse("domain:" + DOMAINS[random.nextInt(DOMAINS.length)] + " age<3h");
                default -> ids.isEmpty() ? Filter.ALL : Filter.of(ids.get(random.nextInt(ids.size())));
            };
            switch (random.nextInt(22)) {
                case 0 -> order(Action.CANCEL, filter);
                case 1 -> order(Action.EXPIRE, filter);
                case 2, 3, 4 -> order(Action.HOLD, filter);
                case 5, 6 -> order(Action.RELEASE, filter);
                case 7, 8 -> reroute(filter);
                case 9, 10 -> undo();
                case 11 -> bench.control.suspend(target(), "walk");
                case 12 -> bench.control.resume(target(), "walk");
                case 13 -> bench.control.close(WAYS.get(random.nextInt(WAYS.size())), "walk");
                case 14, 15 -> bench.control.open("walk");
                case 16, 17 ->
                    ids.stream()
                            .skip(random.nextInt(ids.size() + 1))
                            .findFirst()
                            .ifPresent(bench.client::cancel);
                case 18 -> bench.control.cancelFlush("walk");
                default -> order(Action.RETRY, filter);
            }
        }

        private Target target() {
            String lane = random.nextBoolean() ? DOMAINS[random.nextInt(DOMAINS.length)] : null;
            return new Target("t" + random.nextInt(senders + 1), lane);
        }

        private void order(Action action, Filter filter) {
            orders.add(bench.admin.change(Order.of(action, filter, "walk")));
        }

        private void reroute(Filter filter) {
            String to = random.nextBoolean() ? "all" : "t" + random.nextInt(senders + 1);
            orders.add(bench.admin.change(new Order(Action.REROUTE, filter, to, "walk")));
        }

        private void undo() {
            orders.stream().filter(Order.Result::undoable).findAny().ifPresent(order -> {
                orders.remove(order);
                bench.admin.undo(order.id(), "walk");
            });
        }

        /** From here on all is well: everything must come to its end. */
        private void calmDown() {
            calm = true;
            bench.control.open("walk");
            bench.admin.status().suspended().forEach(target -> bench.control.resume(target, "walk"));
            new ArrayList<>(present.keySet()).forEach(transport -> {
                transport.manual = false;
                answerAll(transport);
            });
            bench.transport(transport(this::outcome), "all", 100, "SMTP");
            for (int i = 0; i < 4; i++) {
                order(Action.RELEASE, Filter.ALL);
                bench.admin.change(new Order(Action.REROUTE, Filter.ALL, null, "walk"));
                bench.control.flush(null, "walk");
                present.keySet().forEach(this::answerAll);
                bench.advance(Duration.ofHours(5));
            }
        }
    }
}
