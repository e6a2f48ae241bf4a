package io.spooler.core;

import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.READY;
import static io.spooler.RecipientState.RELAYED;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Envelope.Priority;
import io.spooler.Reply;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who goes when: destinations, senders, priorities, limits, suspensions. */
class LanesTest {

    /** Of a destination that is new, or back, it is hoped for a while that it is quick. */
    private static final Duration HOPE = Duration.ofSeconds(2);

    private static final Reply LATER = new Reply("4.4.1", "connection refused");

    private final FakeTransport smtp = new FakeTransport();
    private Bench bench = new Bench().withStore();

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    private static CoreSettings settings(String... keysAndValues) throws Exception {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            properties.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return CoreSettings.read(properties);
    }

    /** A bench with a store for many messages. */
    private IndexedStore indexed(String... keysAndValues) throws Exception {
        bench = new Bench(settings(keysAndValues));
        IndexedStore store = new IndexedStore(bench.clock);
        bench.withStore(store);
        return store;
    }

    private SpoolId send(String sender, Priority priority, String recipient) throws SpoolException {
        return bench.submit(Envelope.of(Address.smtp(sender), List.of(Address.smtp(recipient)))
                .with(Envelope.Options.DEFAULT.withPriority(priority)));
    }

    private SpoolId send(String sender, String recipient) throws SpoolException {
        return send(sender, Priority.NORMAL, recipient);
    }

    /** Answers what is open, and what becomes open by that, one after the other. */
    private void answer(int consignments) {
        for (int i = 0; i < consignments; i++) {
            int next = open();
            assertThat(next).as("a consignment is open").isNotNegative();
            smtp.open.get(next).complete(smtp.outcomes(smtp.taken.get(next)));
        }
    }

    private int open() {
        for (int i = 0; i < smtp.open.size(); i++) {
            if (!smtp.open.get(i).isDone()) {
                return i;
            }
        }
        return -1;
    }

    private long inFlight() {
        return smtp.open.stream().filter(open -> !open.isDone()).count();
    }

    @Test
    void ten_thousand_of_one_sender_do_not_hold_up_the_one_of_another() throws Exception {
        smtp.manual = true;
        indexed();
        bench.transport(smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 10_000; i++) {
            send("bulk@example.com", "u" + i + "@example.org");
        }
        send("ann@example.com", "bob@example.org");
        bench.advance(HOPE);
        answer(4);
        assertThat(smtp.recipients()).as("behind two in flight and one in turn").contains("bob@example.org");
    }

    @Test
    void the_urgent_go_first_and_nobody_starves() throws Exception {
        smtp.manual = true;
        bench.transport(1, smtp, "smtp", 0, "SMTP");
        send("ann@example.com", "first@example.org");
        for (int i = 0; i < 50; i++) {
            send("ann@example.com", Priority.NON_URGENT, "l" + i + "@example.org");
            send("ann@example.com", Priority.NORMAL, "n" + i + "@example.org");
            send("ann@example.com", Priority.URGENT, "u" + i + "@example.org");
        }
        answer(70);
        List<String> sent = smtp.recipients().subList(1, 71);
        assertThat(sent.get(0)).isIn("u0@example.org", "n0@example.org");
        assertThat(sent).filteredOn(r -> r.startsWith("u")).hasSize(40);
        assertThat(sent).filteredOn(r -> r.startsWith("n")).hasSize(20);
        assertThat(sent).filteredOn(r -> r.startsWith("l")).hasSize(10);
        answer(80);
        assertThat(inFlight()).isEqualTo(1);
    }

    @Test
    void a_destination_begins_small_grows_with_success_and_begins_again_after_a_failure() throws Exception {
        bench = new Bench(settings("lane_concurrency", "8")).withStore();
        smtp.manual = true;
        bench.transport(100, smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 200; i++) {
            send("ann@example.com", "u" + i + "@example.org");
        }
        assertThat(inFlight()).isEqualTo(2);
        answer(2);
        assertThat(inFlight()).isEqualTo(4);
        answer(10);
        assertThat(inFlight()).as("the setting").isEqualTo(8);

        smtp.answer = address -> Outcome.Deferred.lane(LATER);
        answer(8);
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        long transport = bench.registry.snapshot().transports().get(0).id();
        assertThat(bench.core.delivery().restsUntil(transport, "example.org"))
                .isEqualTo(bench.clock.instant().plusSeconds(1));
        assertThat(bench.core.delivery().restsUntil(transport, "example.net")).isNull();
        bench.advance(Duration.ofSeconds(2));
        assertThat(inFlight()).as("one probe").isEqualTo(1);
        answer(1);
        assertThat(inFlight()).as("fewer than before").isBetween(1L, 4L);
    }

    @Test
    void a_destination_keeps_to_its_rate_and_the_others_to_theirs() throws Exception {
        bench = new Bench(settings("lane_rate", "600/1m, smtp/slow.example=10/1m")).withStore();
        bench.transport(smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 100; i++) {
            send("ann@example.com", "u" + i + "@slow.example");
            send("ann@example.com", "u" + i + "@quick.example");
        }
        for (int minute = 1; minute <= 5; minute++) {
            int before = count("slow.example");
            bench.advance(Duration.ofMinutes(1));
            assertThat(count("slow.example") - before).as("minute %d", minute).isBetween(9, 11);
        }
        assertThat(count("quick.example")).isEqualTo(100);
        bench.advance(Duration.ofMinutes(10));
        assertThat(bench.store.status().messages()).isZero();
    }

    private int count(String domain) {
        return (int) smtp.recipients().stream().filter(r -> r.endsWith(domain)).count();
    }

    @Test
    void a_transport_keeps_to_its_rate_over_all_destinations() throws Exception {
        bench = new Bench(settings("transport_rate", "smtp=60/1m")).withStore();
        bench.transport(smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 300; i++) {
            send("ann@example.com", "u@d" + i + ".example");
        }
        for (int minute = 1; minute <= 4; minute++) {
            int before = smtp.taken.size();
            bench.advance(Duration.ofMinutes(1));
            assertThat(smtp.taken.size() - before).as("minute %d", minute).isBetween(59, 61);
        }
    }

    @Test
    void a_destination_that_is_full_because_of_its_rate_goes_on_at_the_appointed_times_and_no_quicker()
            throws Exception {
        indexed("lane_rate", "60/1m", "window", "40");
        bench.transport(smtp, "smtp", 0, "SMTP");
        List<Instant> sent = new ArrayList<>();
        smtp.answer = address -> {
            sent.add(bench.clock.instant());
            return new Outcome.Relayed(FakeTransport.OK);
        };
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ids.add(send("ann" + i + "@example.com", "u" + i + "@example.org"));
        }
        SpoolId last = ids.get(299);
        assertThat(bench.states(last)).as("full").containsExactly(DEFERRED);
        assertThat(bench.first(last).reply().text()).contains("waits in turn");
        Instant appointed = bench.first(last).due();
        bench.advance(Duration.between(bench.clock.instant(), appointed).plusSeconds(1));
        boolean inLine = bench.core.window().find(last).isPresent();
        assertThat(inLine || !bench.first(last).changed().isBefore(appointed))
                .as("in line, or has another appointment")
                .isTrue();
        bench.advance(Duration.ofMinutes(6));
        assertThat(sent).hasSize(300);
        for (int i = 1; i < sent.size(); i++) {
            assertThat(Duration.between(sent.get(i - 1), sent.get(i)))
                    .as("before recipient %d", i)
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
        assertThat(Duration.between(sent.get(0), sent.get(299)))
                .as("299 s at the rate")
                .isLessThan(Duration.ofSeconds(305));
    }

    @Test
    void a_backlog_that_outlasts_its_leases_goes_out_at_its_rate() throws Exception {
        bench = new Bench(settings("lane_rate", "6/1h")).withStore();
        bench.transport(smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 30; i++) {
            send("ann" + i % 3 + "@example.com", "u" + i + "@example.org");
        }
        for (int hour = 1; hour <= 4; hour++) {
            bench.advance(Duration.ofHours(1));
            assertThat(count("example.org")).as("after %d hours", hour).isBetween(6 * hour - 1, 6 * hour + 1);
        }
        bench.advance(Duration.ofHours(2));
        assertThat(count("example.org")).isEqualTo(30);
    }

    @Test
    void what_is_cancelled_in_line_takes_no_room() throws Exception {
        bench = new Bench(settings("window", "100")).withStore();
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add(send("ann@example.com", "u" + i + "@example.org"));
        }
        SpoolId last = ids.get(29);
        bench.advance(HOPE);
        assertThat(bench.states(last)).as("no room").containsExactly(DEFERRED);
        for (SpoolId id : ids) {
            if (bench.states(id).equals(List.of(READY))) {
                bench.client.cancel(id);
            }
        }
        bench.advance(Duration.ofSeconds(10));
        assertThat(bench.core.window().find(last)).as("in line now").isPresent();
    }

    @Test
    void what_is_cancelled_in_line_uses_up_no_rate() throws Exception {
        bench = new Bench(settings("lane_rate", "1/1h", "transport_rate", "1/1h")).withStore();
        bench.transport(smtp, "smtp", 0, "SMTP");
        send("ann@example.com", "first@example.org");
        SpoolId second = send("ann@example.com", "second@example.org");
        SpoolId third = send("ann@example.com", "third@example.org");
        send("ann@example.com", "last@example.org");
        bench.client.cancel(second);
        bench.client.cancel(third);
        bench.advance(Duration.ofMinutes(61));
        assertThat(smtp.recipients()).containsExactly("first@example.org", "last@example.org");
    }

    @Test
    void a_flush_ends_the_rest_of_a_transport_with_destinations_in_turn() throws Exception {
        smtp.manual = true;
        bench.transport(1, smtp, "smtp", 0, "SMTP");
        bench.send("ann@example.org");
        bench.send("bob@example.net");
        smtp.answer = address -> new Outcome.Deferred(Outcome.Scope.TRANSPORT, Duration.ofHours(6), LATER);
        answer(1);
        smtp.manual = false;
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        bench.advance(Duration.ofMinutes(1));
        assertThat(smtp.taken).as("it rests").hasSize(1);

        bench.control.flush(null, "tester");
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.store.status().messages()).isZero();
    }

    @Test
    void a_suspended_destination_gets_nothing_until_it_is_resumed() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.core.delivery().suspend(new Target("smtp", "example.org"));
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(bench.send("bob@example.net"))).containsExactly(RELAYED);
        bench.advance(Duration.ofDays(6));
        assertThat(bench.states(id)).as("nothing was tried, nothing expires").containsExactly(DEFERRED);
        assertThat(bench.first(id).attempts()).isZero();
        assertThat(bench.first(id).reply().text()).contains("suspended");
        assertThat(bench.core.delivery().suspended()).containsExactly(new Target("smtp", "example.org"));

        assertThat(bench.control.resume(new Target("smtp", "example.org"), "tester"))
                .isTrue();
        assertThat(bench.states(id)).as("at once").containsExactly(RELAYED);
        assertThat(bench.control.resume(new Target("smtp", "example.org"), "tester"))
                .isFalse();
    }

    @Test
    void the_backlog_of_a_suspended_destination_is_written_less_and_less_often() throws Exception {
        IndexedStore store = indexed();
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.core.delivery().suspend(new Target("smtp", "example.org"));
        bench.send("ann@example.org");
        bench.advance(Duration.ofDays(1));
        long before = store.claims;
        bench.advance(Duration.ofDays(1));
        assertThat(store.claims - before).as("every half an hour").isBetween(40L, 50L);
    }

    @Test
    void the_end_of_a_suspension_wakes_what_waited_for_it_and_nothing_else() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        smtp.answer = address -> new Outcome.Deferred(Outcome.Scope.RECIPIENT, Duration.ofHours(3), LATER);
        SpoolId asked = bench.send("asked@example.org");
        smtp.answer = address -> Outcome.Deferred.recipient(LATER);
        SpoolId tried = bench.send("tried@example.org");
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        bench.core.delivery().suspend(new Target("smtp", "example.org"));
        bench.core.delivery().suspend(new Target("smtp", "example.net"));
        SpoolId other = bench.send("bob@example.net");
        SpoolId fresh = bench.send("ann@example.org");
        bench.advance(Duration.ofHours(1));
        assertThat(bench.first(tried).reply().text()).contains("suspended", "before: 4.4.1 connection refused");

        bench.control.resume(new Target("smtp", "example.org"), "tester");
        assertThat(List.of(bench.states(tried), bench.states(fresh))).containsOnly(List.of(RELAYED));
        assertThat(bench.states(asked)).as("its time has not come").containsExactly(DEFERRED);
        assertThat(bench.states(other)).as("suspended still").containsExactly(DEFERRED);
    }

    @Test
    void a_suspension_takes_what_is_in_line_and_lets_end_what_is_under_way() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 5; i++) {
            bench.send("u" + i + "@example.org");
        }
        bench.core.delivery().suspend(new Target("smtp", null));
        answer(2);
        assertThat(smtp.taken).hasSize(2);
        smtp.manual = false;
        bench.core.delivery().resume(new Target("smtp", null));
        bench.advance(Duration.ofMinutes(6));
        assertThat(bench.store.status().messages()).isZero();
    }

    @Test
    void thirty_thousand_for_a_slow_destination_do_not_hold_up_another() throws Exception {
        indexed();
        smtp.manual = true;
        bench.transport(20, smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 30_000; i++) {
            bench.send("u" + i + "@slow.example");
        }
        bench.advance(HOPE);
        assertThat(bench.core.window().recipients()).as("in work").isLessThan(10_000);

        for (int minute = 0; minute < 5; minute++) {
            SpoolId fresh = bench.send("ann" + minute + "@quick.example");
            assertThat(smtp.recipients()).as("at once").contains("ann" + minute + "@quick.example");
            int index = smtp.recipients().indexOf("ann" + minute + "@quick.example");
            smtp.open.get(index).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
            assertThat(bench.client.find(fresh)).as("complete, forgotten").isEmpty();
            answer(1);
            bench.advance(Duration.ofSeconds(60));
        }
        assertThat(bench.core.window().recipients()).as("still").isLessThan(10_000);
    }

    @Test
    void many_slow_destinations_leave_room_and_slots_for_a_quick_one() throws Exception {
        indexed("window", "1000");
        smtp.manual = true;
        bench.transport(20, smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 10_000; i++) {
            bench.send("u" + i + "@slow" + i % 10 + ".example");
        }
        bench.advance(Duration.ofSeconds(30));
        answer(20);
        bench.advance(Duration.ofSeconds(30));
        assertThat(bench.core.window().recipients()).isLessThan(1000);
        assertThat(inFlight()).as("slow ones leave a quarter").isEqualTo(15);
        bench.send("ann@quick.example");
        assertThat(smtp.recipients()).contains("ann@quick.example");
    }

    @Test
    void the_backlog_of_a_destination_that_is_back_flows_without_a_gap() throws Exception {
        IndexedStore store = indexed();
        smtp.when = answer -> bench.loop.after(Duration.ofMillis(10), answer);
        smtp.answer = address -> new Outcome.Deferred(Outcome.Scope.TRANSPORT, null, LATER);
        bench.transport(40, smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 20_000; i++) {
            bench.send("u" + i + "@example.org");
        }
        bench.advance(Duration.ofSeconds(30));
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        int seconds = 0;
        while (store.status().messages() > 0 && seconds < 100) {
            bench.advance(Duration.ofSeconds(1));
            seconds++;
        }
        assertThat(seconds).as("4 000 a second, and the rests in front").isLessThan(12);
    }

    @Test
    void nobody_looks_past_the_backlog_of_a_quick_destination() throws Exception {
        IndexedStore store = indexed();
        smtp.when = answer -> bench.loop.after(Duration.ofMillis(5), answer);
        bench.transport(40, smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 20_000; i++) {
            bench.send("u" + i + "@quick.example");
        }
        SpoolId behind = bench.send("ann@example.net");
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.admin.status().active())
                .as("a tenth of a second's work, and what is under way; not 4 000")
                .isBetween(40, 1200);
        int seconds = 1;
        while (store.status().messages() > 0 && seconds < 100) {
            bench.advance(Duration.ofSeconds(1));
            seconds++;
        }
        assertThat(bench.client.find(behind)).as("complete, forgotten").isEmpty();
        assertThat(seconds).as("8 000 a second").isLessThan(6);
        assertThat(store.claims).as("looks").isLessThan(20_000 * 5 / 4);
    }

    @Test
    void what_finds_no_room_comes_back_until_all_is_done() throws Exception {
        IndexedStore store = indexed("window", "100");
        smtp.when = answer -> bench.loop.after(Duration.ofMillis(100), answer);
        bench.transport(smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 3000; i++) {
            bench.send("u" + i + "@slow.example");
        }
        int seconds = 0;
        while (store.status().messages() > 0 && seconds < 1000) {
            bench.advance(Duration.ofSeconds(1));
            seconds++;
        }
        assertThat(store.status().messages()).isZero();
        assertThat(seconds).as("two at a time, ten a second each: 150 s alone").isLessThan(190);
        assertThat(store.claims).as("looks per message").isLessThan(10 * 3000);
    }

    @Test
    void a_transport_that_returns_while_it_still_works_has_no_more_slots_than_before() throws Exception {
        smtp.manual = true;
        Map<String, Object> properties = bench.transport(smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 10; i++) {
            bench.send("u" + i + "@d" + i + ".example");
        }
        bench.registry.remove(properties);
        bench.registry.putTransport(smtp, properties);
        assertThat(inFlight()).as("two slots").isEqualTo(2);
        answer(1);
        smtp.open
                .get(1)
                .complete(List.of(new Outcome.Deferred(Outcome.Scope.LANE, null, new Reply("4.4.1", "no answer"))));
        assertThat(inFlight()).as("two slots, again").isEqualTo(2);
        assertThat(bench.admin.status().transports().get(0).inFlight()).isEqualTo(2);
        answer(20 - 11);
        assertThat(bench.store.status().messages()).isZero();
    }

    @Test
    void nothing_is_offered_to_a_transport_that_says_it_has_failed() throws Exception {
        smtp.status = new TransportStatus(TransportStatus.Condition.FAILED, "no such interface");
        Map<String, Object> properties = bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        bench.advance(Duration.ofHours(10));
        assertThat(smtp.taken).isEmpty();
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        assertThat(bench.first(id).attempts()).isZero();

        smtp.status = new TransportStatus(TransportStatus.Condition.AVAILABLE, "ready");
        bench.registry.putTransport(smtp, properties);
        bench.advance(Duration.ofMinutes(31));
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }
}
