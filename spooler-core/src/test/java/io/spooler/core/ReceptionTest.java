package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Mailboxes;
import io.spooler.RecipientState;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.transport.Inlet;
import io.spooler.transport.TransportProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Turns, limits, begin and end of what transports bring in. */
class ReceptionTest {

    private static final byte[] TEXT = "Subject: in\r\n\r\n".getBytes(StandardCharsets.UTF_8);

    private final Bench bench = new Bench(settings("receptions", "3", "receive_limit", "1k")).withStore();
    private final FakeTransport smtp = new FakeTransport();

    static CoreSettings settings(String... pairs) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        try {
            return CoreSettings.read(map);
        } catch (io.spooler.settings.SettingsException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static CompletableFuture<Inlet.Reception> ask(Inlet inlet, String mailbox) {
        return inlet.ask(new Inlet.Arrival("smtp", mailbox, null, "")).toCompletableFuture();
    }

    private FakeTransport transport(String name, long id, int receptions) {
        FakeTransport transport = new FakeTransport();
        bench.registry.putTransport(
                transport,
                Map.of(
                        "service.id",
                        id,
                        TransportProvider.NAME,
                        name,
                        TransportProvider.INBOUND_CONCURRENCY,
                        receptions));
        return transport;
    }

    /** In this time of the test's own, what has not come will never come. */
    static <T> T now(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(future).as("the answer").isCompleted();
        return future.join();
    }

    private static Reason reason(CompletableFuture<?> failed) {
        assertThat(failed).as("a refusal").isCompletedExceptionally();
        try {
            failed.join();
            throw new AssertionError("was not refused");
        } catch (CompletionException e) {
            return ((SpoolException) e.getCause()).reason();
        }
    }

    @Test
    void without_a_store_nobody_can_say_whether_there_is_a_mailbox() {
        assertThatThrownBy(() -> new Bench().mailboxes.exists("ann"))
                .isInstanceOfSatisfying(
                        SpoolException.class, e -> assertThat(e.reason()).isEqualTo(SpoolException.Reason.NO_STORE));
    }

    @Test
    void a_transport_has_one_reception_at_a_time_unless_it_declares_more() throws Exception {
        Inlet one = transport("one", 100, 1).inlet;
        CompletableFuture<Inlet.Reception> first = ask(one, "ann");
        CompletableFuture<Inlet.Reception> second = ask(one, "ann");
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        now(first).write(ByteBuffer.wrap(TEXT));
        now(now(first).commit());
        assertThat(second).isCompleted();
        now(second).close();

        Inlet two = transport("two", 101, 2).inlet;
        assertThat(ask(two, "ann")).isCompleted();
        assertThat(ask(two, "ann")).isCompleted();
        assertThat(ask(two, "ann")).isNotDone();
        assertThat(bench.mailboxes.list("ann", "INBOX", 0, 10)).hasSize(1);
    }

    @Test
    void a_transport_that_declares_more_while_others_wait_gets_it_at_once() {
        FakeTransport growing = transport("two", 101, 1);
        assertThat(ask(growing.inlet, "ann")).isCompleted();
        CompletableFuture<Inlet.Reception> second = ask(growing.inlet, "ann");
        assertThat(second).isNotDone();
        bench.registry.putTransport(
                growing,
                Map.of("service.id", 101L, TransportProvider.NAME, "two", TransportProvider.INBOUND_CONCURRENCY, 2));
        assertThat(second).isCompleted();
    }

    /** R52: ten that always claim, one of them with a hundred at a time: nobody waits for more turns than there are others. */
    @Test
    void transports_that_always_claim_are_served_in_turn() throws Exception {
        List<Integer> turns = new ArrayList<>();
        List<Inlet.Reception> running = new ArrayList<>();
        List<Inlet> inlets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            inlets.add(transport("t" + i, 100 + i, i == 0 ? 100 : 1).inlet);
        }
        for (int i = 0; i < 10; i++) {
            for (int k = 0; k < (i == 0 ? 100 : 2); k++) {
                claim(inlets, i, turns, running);
            }
        }
        while (turns.size() < 500) {
            assertThat(running).as("the limit of all").hasSize(3);
            running.remove(0).close();
        }
        for (int i = 0; i < 10; i++) {
            List<Integer> mine = new ArrayList<>();
            for (int turn = 0; turn < turns.size(); turn++) {
                if (turns.get(turn) == i) {
                    mine.add(turn);
                }
            }
            for (int k = 1; k < mine.size(); k++) {
                assertThat(mine.get(k) - mine.get(k - 1))
                        .as("turns between two of %s", i)
                        .isLessThanOrEqualTo(13);
            }
            assertThat(mine).as("turns of %s", i).hasSizeGreaterThan(35);
        }
    }

    private void claim(List<Inlet> inlets, int number, List<Integer> turns, List<Inlet.Reception> running) {
        CompletionStage<Inlet.Reception> turn = ask(inlets.get(number), "ann");
        turn.thenAccept(reception -> {
            turns.add(number);
            running.add(reception);
            claim(inlets, number, turns, running);
        });
    }

    @Test
    void no_more_than_a_thousand_wait_for_one_transport() {
        Inlet inlet = transport("one", 100, 1).inlet;
        for (int i = 0; i < 1001; i++) {
            assertThat(ask(inlet, "ann").isCompletedExceptionally()).isFalse();
        }
        assertThat(reason(ask(inlet, "ann"))).isEqualTo(Reason.NOT_NOW);
    }

    @Test
    void inbound_ends_and_begins_apart_from_outbound() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        Inlet before = smtp.inlet;
        CompletableFuture<Inlet.Reception> first = ask(before, "ann");
        CompletableFuture<Inlet.Reception> second = ask(before, "ann");

        assertThat(bench.control.suspend(Target.inbound("smtp"), "root")).isTrue();
        assertThat(bench.control.suspend(Target.inbound("smtp"), "root")).isFalse();
        assertThat(smtp.inlet).as("is told").isNull();
        assertThat(reason(second)).isEqualTo(Reason.NOT_NOW);
        assertThat(reason(ask(before, "ann"))).isEqualTo(Reason.NOT_NOW);
        assertThatThrownBy(() -> before.receive(new Inlet.Arrival("smtp", "ann", null, "")))
                .isInstanceOf(SpoolException.class);
        assertThat(bench.admin.status().suspended()).containsExactly(Target.inbound("smtp"));
        SpoolId id = bench.send("bob@example.org");
        assertThat(bench.states(id)).as("goes out").containsExactly(RecipientState.RELAYED);

        now(first).write(ByteBuffer.wrap(TEXT));
        assertThat(now(now(first).commit())).as("the one in progress may end").isPresent();

        assertThat(bench.control.resume(Target.inbound("smtp"), "root")).isTrue();
        assertThat(bench.control.resume(Target.inbound("smtp"), "root")).isFalse();
        assertThat(ask(smtp.inlet, "ann")).isCompleted();
        bench.control.suspend(new Target("smtp", null), "root");
        assertThat(smtp.inlet).as("outbound apart from inbound").isNotNull();
    }

    @Test
    void a_suspension_of_inbound_holds_for_a_transport_that_comes_back() {
        Map<String, Object> service = bench.transport(smtp, "smtp", 0, "SMTP");
        bench.control.suspend(Target.inbound("smtp"), "root");
        bench.registry.remove(service);
        FakeTransport again = new FakeTransport();
        bench.transport(again, "smtp", 0, "SMTP");
        assertThat(again.inlet).isNull();
        bench.control.resume(Target.inbound("smtp"), "root");
        assertThat(again.inlet).isNotNull();
    }

    @Test
    void nothing_is_taken_in_from_a_transport_that_has_left() {
        Map<String, Object> service = bench.transport(smtp, "smtp", 0, "SMTP");
        bench.registry.remove(service);
        assertThat(reason(ask(smtp.inlet, "ann"))).isEqualTo(Reason.NOT_NOW);
    }

    @Test
    void what_is_larger_than_the_limit_is_refused_and_leaves_nothing() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        Inlet.Reception large = now(ask(smtp.inlet, "ann"));
        large.write(ByteBuffer.allocate(1000));
        assertThatThrownBy(() -> large.write(ByteBuffer.allocate(25))).isInstanceOf(IOException.class);
        assertThat(reason(large.commit().toCompletableFuture())).isEqualTo(Reason.TOO_LARGE);
        assertThat(bench.mailboxes.mailboxes()).isEmpty();
        assertThat(ask(smtp.inlet, "ann")).as("its turn is over").isCompleted();
    }

    @Test
    void what_takes_too_long_leaves_nothing_and_its_turn_is_over() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        int timers = bench.loop.waiting();
        Inlet.Reception slow = now(ask(smtp.inlet, "ann"));
        CompletableFuture<Inlet.Reception> next = ask(smtp.inlet, "bob");
        slow.write(ByteBuffer.wrap(TEXT));
        bench.advance(Duration.ofMinutes(59));
        slow.write(ByteBuffer.wrap(TEXT));
        assertThat(next).isNotDone();
        bench.advance(Duration.ofMinutes(2));
        assertThat(next).isCompleted();
        assertThatThrownBy(() -> slow.write(ByteBuffer.wrap(TEXT))).isInstanceOf(IOException.class);
        assertThat(reason(slow.commit().toCompletableFuture())).isEqualTo(Reason.NOT_NOW);
        slow.close();
        assertThat(bench.mailboxes.mailboxes()).isEmpty();
        CompletableFuture<Inlet.Reception> third = ask(smtp.inlet, "ann");
        assertThat(third).as("one turn, not two").isNotDone();

        now(next).write(ByteBuffer.wrap(TEXT));
        now(now(next).commit());
        now(third).close();
        assertThat(bench.loop.waiting()).as("their timers are gone").isEqualTo(timers);
    }

    /** R57. */
    @Test
    void another_default_store_is_for_receptions_that_begin_later() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        Inlet.Reception before = now(ask(smtp.inlet, "ann"));
        before.write(ByteBuffer.wrap(TEXT));
        var second = new io.spooler.testkit.MemoryStore(bench.clock);
        bench.registry.putStore(second, Map.of("service.id", 500L, "service.ranking", 10, "spooler.store.name", "b"));

        Mailboxes.Entry first = now(before.commit()).orElseThrow();
        Inlet.Reception after = now(ask(smtp.inlet, "ann"));
        after.write(ByteBuffer.wrap(TEXT));
        Mailboxes.Entry later = now(after.commit()).orElseThrow();

        assertThat(bench.store.folders().list("ann", "INBOX", 0, 10)).containsExactly(first);
        assertThat(second.folders().list("ann", "INBOX", 0, 10)).containsExactly(later);
        assertThat(bench.mailboxes.entry(first.id()))
                .as("still found by its id")
                .contains(first);
        assertThat(bench.mailboxes.mark(first.id(), java.util.Set.of("\\Seen"))).isTrue();
        assertThat(bench.mailboxes.list("ann", "INBOX", 0, 10)).containsExactly(later);
    }
}
