package io.spooler.core;

import static io.spooler.RecipientState.CANCELLED;
import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.EXPIRED;
import static io.spooler.RecipientState.HELD;
import static io.spooler.RecipientState.OFFERED;
import static io.spooler.RecipientState.READY;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.admin.Filter;
import io.spooler.admin.Order;
import io.spooler.admin.Order.Action;
import io.spooler.admin.Order.Result;
import io.spooler.hook.Decision;
import io.spooler.store.MessageStore;
import io.spooler.testkit.MemoryStore;
import io.spooler.transport.Outcome;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an administrator orders: first as a preview, then done, told, and taken back where that is possible. */
class OrdersTest {

    private final Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();

    private Result order(Action action, String filter) {
        return both(Order.of(action, Filter.parse(filter), "tester"));
    }

    private Result reroute(String filter, String to) {
        return both(new Order(Action.REROUTE, Filter.parse(filter), to, "tester"));
    }

    /** The preview changes nothing, and says what is done then; the order is told once. */
    private Result both(Order order) {
        List<?> before = bench.admin.query(Filter.ALL, null, 10_000);
        int told = bench.told.size();
        Result preview = bench.admin.preview(order);
        assertThat(bench.admin.query(Filter.ALL, null, 10_000)).isEqualTo(before);
        assertThat(bench.told).as("a preview is not told").hasSize(told);
        Result result = bench.admin.change(order);
        assertThat(result)
                .usingRecursiveComparison()
                .ignoringFields("id", "undoable")
                .isEqualTo(preview);
        assertTold(result, order.toString());
        return result;
    }

    private void assertTold(Result result, String order) {
        assertThat(bench.told)
                .filteredOn(SpoolEvent.Administered.class::isInstance)
                .filteredOn(event -> event.id().equals(result.id()))
                .containsExactly(new SpoolEvent.Administered(
                        result.id(),
                        bench.clock.instant(),
                        "tester",
                        order,
                        result.messages(),
                        result.recipients(),
                        result.undoable()));
    }

    private static void assertCounts(Result result, long messages, long recipients, long inWork) {
        assertThat(List.of(result.messages(), result.recipients(), result.inWork()))
                .containsExactly(messages, recipients, inWork);
    }

    private String pin(SpoolId id) {
        return bench.first(id).recipient().transport();
    }

    @Test
    void hold_and_release() throws Exception {
        SpoolId id = bench.send("ann@example.org");
        assertCounts(order(Action.HOLD, "id:" + id), 1, 1, 0);
        bench.transport(smtp, "smtp", 0, "SMTP");
        assertThat(bench.states(id)).containsExactly(HELD);
        assertCounts(order(Action.HOLD, "all"), 0, 0, 0);
        assertCounts(order(Action.RELEASE, "state:HELD"), 1, 1, 0);
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertCounts(order(Action.RELEASE, "id:" + id), 0, 0, 0);
    }

    @Test
    void hold_of_some_recipients_leaves_the_others() throws Exception {
        SpoolId id = bench.send("ann@example.org", "bob@example.net");
        assertCounts(order(Action.HOLD, "to:*@example.net"), 1, 1, 0);
        assertThat(bench.states(id)).containsExactly(WAITING, HELD);
        bench.transport(smtp, "smtp", 0, "SMTP");
        assertThat(bench.states(id)).containsExactly(RELAYED, HELD);
        assertCounts(order(Action.RELEASE, "all"), 1, 1, 0);
        assertThat(bench.states(id)).containsExactly(RELAYED, RELAYED);
        assertThat(bench.status(id).complete()).isTrue();
    }

    @Test
    void retry_makes_deferred_messages_due() throws Exception {
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId a = bench.send("ann@example.org");
        SpoolId b = bench.send("bob@example.org");
        SpoolId waiting = bench.send("LOCAL:x");
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        assertCounts(order(Action.RETRY, "to:ann*"), 1, 1, 0);
        assertThat(bench.states(a)).containsExactly(RELAYED);
        assertThat(bench.states(b)).containsExactly(DEFERRED);
        assertCounts(order(Action.RETRY, "all"), 2, 2, 0);
        assertThat(bench.states(b)).containsExactly(RELAYED);
        assertThat(bench.states(waiting)).containsExactly(WAITING);
    }

    @Test
    void cancel_tells_nobody() throws Exception {
        SpoolId a = bench.send("ann@example.org");
        SpoolId b = bench.send("bob@example.net");
        order(Action.HOLD, "id:" + a);
        Result result = order(Action.CANCEL, "domain:example.org state:HELD,WAITING");
        assertCounts(result, 1, 1, 0);
        assertThat(bench.states(a)).containsExactly(CANCELLED);
        assertThat(bench.states(b)).containsExactly(WAITING);
        assertThat(bench.admin.query(Filter.parse("to:sender@example.com"), null, 10))
                .as("no report")
                .isEmpty();
        assertThat(result.undoable()).isFalse();
        assertThatThrownBy(() -> bench.admin.undo(result.id(), "tester"))
                .hasMessageContaining("no order that can be undone");
    }

    @Test
    void expire_tells_the_sender() throws Exception {
        SpoolId held = bench.send("ann@example.org");
        SpoolId waiting = bench.send("bob@example.org", "LOCAL:bob");
        order(Action.HOLD, "id:" + held);
        assertCounts(order(Action.EXPIRE, "domain:example.org"), 2, 2, 0);
        assertThat(bench.states(held)).containsExactly(EXPIRED);
        assertThat(bench.states(waiting)).containsExactly(EXPIRED, WAITING);
        assertThat(bench.first(waiting).reply().toString())
                .startsWith("5.4.7 expired by an administrator; last reply:");
        assertThat(bench.admin.query(Filter.parse("from:<> to:sender@example.com"), null, 10))
                .hasSize(2);
    }

    @Test
    void what_cannot_be_reported_is_not_expired() throws Exception {
        SpoolId held = bench.send("ann@example.org");
        SpoolId waiting = bench.send("bob@example.org");
        bench.admin.change(Order.of(Action.HOLD, Filter.of(held), "tester"));
        bench.store.condition(io.spooler.store.StoreStatus.Condition.FULL);
        Result result = bench.admin.change(Order.of(Action.EXPIRE, Filter.ALL, "tester"));
        assertCounts(result, 0, 0, 0);
        assertThat(bench.states(held)).containsExactly(HELD);
        assertThat(bench.states(waiting)).containsExactly(DEFERRED);
    }

    @Test
    void reroute_pins_and_frees() throws Exception {
        FakeTransport other = new FakeTransport();
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        bench.transport(smtp, "smtp", 1, "SMTP");
        bench.transport(other, "other", 0, "SMTP");
        SpoolId a = bench.send("ann@example.org");
        assertThat(bench.states(a)).containsExactly(DEFERRED);
        assertCounts(reroute("transport:smtp", "other"), 1, 1, 0);
        assertThat(bench.states(a)).containsExactly(RELAYED);
        assertThat(other.recipients()).containsExactly("ann@example.org");

        SpoolId b = bench.send("bob@example.org");
        reroute("all", "nowhere");
        assertThat(bench.states(b)).containsExactly(WAITING);
        assertThat(pin(b)).isEqualTo("nowhere");
        assertThat(bench.first(b).reply().text()).contains("waits for the transport nowhere");
        assertCounts(reroute("all", "nowhere"), 0, 0, 0);
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        assertCounts(reroute("all", null), 1, 1, 0);
        assertThat(bench.states(b)).containsExactly(RELAYED);
        assertThat(pin(b)).isNull();
    }

    @Test
    void what_is_released_before_its_time_waits_for_it() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        Duration hour = Duration.ofHours(1);
        SpoolId id = bench.submit(Envelope.of(null, List.of(Address.smtp("ann@example.org")))
                .with(Envelope.Options.DEFAULT.withNotBefore(
                        bench.clock.instant().plus(hour))));
        order(Action.HOLD, "all");
        order(Action.RELEASE, "all");
        assertThat(smtp.taken).isEmpty();
        bench.advance(hour);
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void what_is_held_stays_held_on_its_new_route() throws Exception {
        SpoolId id = bench.send("ann@example.org");
        order(Action.HOLD, "all");
        reroute("all", "other");
        assertThat(bench.states(id)).containsExactly(HELD);
        bench.transport(smtp, "smtp", 1, "SMTP");
        order(Action.RELEASE, "all");
        assertThat(bench.states(id)).containsExactly(WAITING);
        bench.transport(smtp, "other", 0, "SMTP");
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(bench.first(id).transport()).isEqualTo("other");
    }

    @Test
    void undo_of_a_hold_releases_exactly_what_was_held() throws Exception {
        SpoolId before = bench.send("held@example.org");
        order(Action.HOLD, "all");
        bench.advance(Duration.ofSeconds(1));
        SpoolId a = bench.send("ann@example.org", "bob@example.net");
        Result hold = order(Action.HOLD, "domain:example.org");
        assertThat(hold.undoable()).isTrue();
        bench.advance(Duration.ofSeconds(1));
        Result undo = bench.admin.undo(hold.id(), "tester");
        assertCounts(undo, 1, 1, 0);
        assertTold(undo, "UNDO " + hold.id() + " HOLD: domain:example.org");
        assertThat(bench.states(before)).containsExactly(HELD);
        assertThat(bench.states(a)).containsExactly(WAITING, WAITING);
        assertThatThrownBy(() -> bench.admin.undo(hold.id(), "tester")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void undo_leaves_alone_what_somebody_else_has_held_since() throws Exception {
        SpoolId id = bench.send("ann@example.org");
        Result hold = order(Action.HOLD, "all");
        order(Action.RELEASE, "all");
        bench.advance(Duration.ofSeconds(1));
        order(Action.HOLD, "all");
        Result undo = bench.admin.undo(hold.id(), "tester");
        assertCounts(undo, 0, 0, 0);
        assertThat(undo.changedSince()).isEqualTo(1);
        assertThat(bench.states(id)).containsExactly(HELD);
    }

    @Test
    void undo_of_a_release_holds_again_and_of_a_reroute_gives_back() throws Exception {
        Recipient pinned = Recipient.of(Address.smtp("ann@example.org")).withTransport("first");
        SpoolId id = bench.submit(new Envelope(null, List.of(pinned), Envelope.Options.DEFAULT));
        SpoolId plain = bench.send("bob@example.org");
        order(Action.HOLD, "all");
        Result release = order(Action.RELEASE, "all");
        assertThat(bench.states(id)).containsExactly(WAITING);
        assertCounts(bench.admin.undo(release.id(), "tester"), 2, 2, 0);
        assertThat(bench.states(id)).containsExactly(HELD);

        Result reroute = reroute("all", "second");
        reroute("id:" + plain, "third");
        assertCounts(bench.admin.undo(reroute.id(), "tester"), 1, 1, 0);
        assertThat(pin(id)).isEqualTo("first");
        assertThat(pin(plain)).as("rerouted again since").isEqualTo("third");
    }

    @Test
    void undo_of_a_release_leaves_alone_what_was_tried_or_has_ended_since() throws Exception {
        SpoolId tried = bench.send("ann@example.org");
        SpoolId ended = bench.send("bob@example.org");
        SpoolId waits = bench.send("LOCAL:cid");
        order(Action.HOLD, "all");
        smtp.answer = address -> address.localPart().equals("ann")
                ? Outcome.Deferred.recipient(new Reply("4.2.1", "later"))
                : new Outcome.Relayed(FakeTransport.OK);
        bench.transport(smtp, "smtp", 0, "SMTP");
        Result release = order(Action.RELEASE, "all");
        Result undo = bench.admin.undo(release.id(), "tester");
        assertCounts(undo, 1, 1, 0);
        assertThat(undo.changedSince()).isEqualTo(2);
        assertThat(bench.states(tried)).containsExactly(DEFERRED);
        assertThat(bench.states(ended)).containsExactly(RELAYED);
        assertThat(bench.states(waits)).containsExactly(HELD);
    }

    @Test
    void undo_of_a_reroute_leaves_alone_what_was_tried_since_and_counts_what_is_in_work_apart() throws Exception {
        SpoolId tried = bench.send("ann@example.org");
        SpoolId inWork = bench.send("bob@example.org");
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        smtp.manual = true;
        bench.transport(smtp, "second", 0, "SMTP");
        bench.admin.change(Order.of(Action.HOLD, Filter.ALL, "tester"));
        smtp.open.forEach(open -> open.complete(List.of(Outcome.Deferred.recipient(new Reply("4.2.1", "later")))));
        Result reroute = reroute("all", "second");
        smtp.open.get(2).complete(List.of(Outcome.Deferred.recipient(new Reply("4.2.1", "later"))));
        Result undo = bench.admin.undo(reroute.id(), "tester");
        assertCounts(undo, 1, 0, 1);
        assertThat(undo.changedSince()).isEqualTo(1);
        assertThat(List.of(pin(tried), pin(inWork))).containsOnly("second");
        assertThat(bench.states(tried)).containsExactly(DEFERRED);
    }

    @Test
    void undo_does_not_hold_whom_a_preprocessor_has_put_there_since() throws Exception {
        SpoolId id = bench.send("list@example.org", "bob@example.org");
        order(Action.HOLD, "to:list*");
        Result release = order(Action.RELEASE, "all");
        bench.hook(
                message -> Decision.Change.recipients(List.of(
                        Recipient.of(Address.smtp("ann@example.org")), Recipient.of(Address.smtp("bob@example.org")))),
                "hook",
                0);
        smtp.manual = true;
        bench.transport(1, smtp, "smtp", 0, "SMTP");
        smtp.open
                .get(0)
                .complete(List.of(
                        new Outcome.Deferred(Outcome.Scope.TRANSPORT, null, new Reply("4.4.1", "x")),
                        new Outcome.Deferred(Outcome.Scope.TRANSPORT, null, new Reply("4.4.1", "x"))));
        Result undo = bench.admin.undo(release.id(), "tester");
        assertCounts(undo, 0, 0, 0);
        assertThat(undo.changedSince()).isEqualTo(1);
        assertThat(bench.states(id)).doesNotContain(HELD);
    }

    @Test
    void undos_are_bounded() throws Exception {
        bench.send("ann@example.org");
        Result first = order(Action.HOLD, "all");
        for (int i = 0; i < 50; i++) {
            order(Action.RELEASE, "all");
            order(Action.HOLD, "all");
        }
        assertThatThrownBy(() -> bench.admin.undo(first.id(), "tester"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(first.id().toString());
    }

    @Test
    void what_is_in_work_is_counted_and_left_alone() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org", "LOCAL:bob");
        assertThat(bench.states(id)).containsExactly(OFFERED, WAITING);
        assertCounts(order(Action.HOLD, "all"), 1, 1, 1);
        assertThat(bench.states(id)).containsExactly(OFFERED, HELD);
        assertCounts(reroute("id:" + id, "other"), 1, 1, 1);
        assertCounts(order(Action.CANCEL, "to:ann*"), 1, 0, 1);
        smtp.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        assertThat(bench.states(id)).containsExactly(RELAYED, HELD);
        assertCounts(order(Action.EXPIRE, "to:LOCAL:bob"), 1, 1, 0);
        assertThat(bench.status(id).complete()).isTrue();
    }

    @Test
    void one_message_is_one_however_many_of_its_recipients_are_in_work() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.send("ann@example.org", "bob@example.org", "cid@example.net", "LOCAL:dan");
        assertCounts(order(Action.HOLD, "all"), 1, 1, 3);
        assertCounts(order(Action.CANCEL, "domain:example.org"), 1, 0, 2);
    }

    @Test
    void what_is_in_line_can_be_changed() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.send("a@first.example");
        bench.send("b@first.example");
        SpoolId held = bench.send("held@example.org");
        SpoolId rerouted = bench.send("rerouted@example.org");
        SpoolId expired = bench.send("expired@example.org");
        assertThat(bench.states(held)).as("concurrency 2").containsExactly(READY);
        order(Action.HOLD, "to:held*");
        reroute("to:rerouted*", "other");
        order(Action.EXPIRE, "to:expired*");
        smtp.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        smtp.open.get(1).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        assertThat(bench.states(held)).containsExactly(HELD);
        assertThat(bench.states(rerouted)).containsExactly(WAITING);
        assertThat(bench.states(expired)).containsExactly(EXPIRED);
        assertThat(smtp.recipients()).doesNotContain("held@example.org", "rerouted@example.org", "expired@example.org");
    }

    @Test
    void what_was_changed_beside_failures_is_told_and_can_be_taken_back() throws Exception {
        SpoolId first = bench.send("ann@example.org");
        SpoolId second = bench.send("bob@example.org");
        SpoolId third = bench.send("carol@example.org");
        bench.registry.remove(Map.of("service.id", 1L));
        bench.withStore(refusing(first, second));
        assertThatThrownBy(() -> bench.admin.change(Order.of(Action.HOLD, Filter.ALL, "tester")))
                .hasMessageContaining("cannot be read");
        assertThat(bench.states(third)).containsExactly(HELD);
        SpoolEvent.Administered told = bench.told.stream()
                .filter(SpoolEvent.Administered.class::isInstance)
                .map(SpoolEvent.Administered.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(told.messages()).isEqualTo(1);
        assertCounts(bench.admin.undo(told.id(), "tester"), 1, 1, 0);
        assertThat(bench.states(third)).containsExactly(WAITING);
    }

    /** The store, but that some messages cannot be claimed by their ids. */
    private MessageStore refusing(SpoolId... ids) {
        return (MessageStore) Proxy.newProxyInstance(
                MessageStore.class.getClassLoader(),
                new Class<?>[] {MessageStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("claim") && List.of(ids).contains(arguments[0])) {
                        throw new IllegalStateException(arguments[0] + " cannot be read");
                    }
                    return method.invoke(bench.store, arguments);
                });
    }

    @Test
    void orders_go_through_a_long_queue_page_by_page() throws Exception {
        for (int i = 0; i < 1200; i++) {
            bench.send("u" + i + (i % 2 == 0 ? "@even.example" : "@odd.example"));
        }
        assertCounts(order(Action.HOLD, "domain:even.example"), 600, 600, 0);
        assertThat(bench.store.status().recipients()).containsEntry(HELD, 600L).containsEntry(WAITING, 600L);
        assertThat(bench.core.window().recipients()).isZero();
    }

    @Test
    void orders_reach_every_store() throws Exception {
        bench.send("ann@example.org");
        MemoryStore second = new MemoryStore(bench.clock);
        bench.registry.putStore(second, Map.of("service.id", 99L, "service.ranking", 5));
        bench.send("bob@example.org");
        assertThat(second.status().messages()).isEqualTo(1);
        assertCounts(order(Action.HOLD, "all"), 2, 2, 0);
    }

    @Test
    void senseless_orders_cannot_be_given() {
        assertThatThrownBy(() -> new Order(Action.HOLD, Filter.ALL, "smtp", "me"))
                .hasMessageContaining("only REROUTE");
        assertThatThrownBy(() -> new Order(Action.REROUTE, Filter.ALL, "a\nb", "me"))
                .hasMessageContaining("transport");
        assertThatThrownBy(() -> new Order(Action.REROUTE, Filter.ALL, "", "me"))
                .hasMessageContaining("transport");
        assertThatThrownBy(() -> Order.of(Action.HOLD, Filter.ALL, " ")).hasMessageContaining("who gives");
        assertThatThrownBy(() -> Order.of(Action.HOLD, Filter.ALL, "a\rb")).hasMessageContaining("who gives");
    }
}
