package io.spooler.core;

import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.RELAYED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.admin.SpoolControl.Flush;
import io.spooler.admin.SpoolControl.Flush.State;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Flushing: transport after transport, outgoing before incoming. */
class FlushTest {

    private static final Duration MOMENT = Duration.ofSeconds(3);

    private final Bench bench = new Bench().withStore();
    private final FakeTransport first = new FakeTransport();
    private final FakeTransport second = new FakeTransport();

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    /** One message deferred by each of two transports; from now on both answer when told. */
    private List<SpoolId> deferred() throws Exception {
        List<SpoolId> ids = new ArrayList<>();
        for (FakeTransport transport : List.of(first, second)) {
            transport.operations = EnumSet.allOf(Operation.class);
            transport.answer = address ->
                    new Outcome.Deferred(Outcome.Scope.RECIPIENT, Duration.ofHours(6), new Reply("4.2.1", "later"));
        }
        bench.transport(first, "first", 2, "SMTP");
        bench.transport(second, "second", 1, "FAX");
        ids.add(bench.send("ann@example.org"));
        ids.add(bench.send("FAX:123"));
        for (FakeTransport transport : List.of(first, second)) {
            transport.answer = address -> new Outcome.Relayed(FakeTransport.OK);
            transport.manual = true;
            transport.calls.clear();
        }
        return ids;
    }

    private static void relay(FakeTransport transport) {
        transport.open.get(transport.open.size() - 1).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
    }

    private CompletableFuture<Flush> flush(String transport) {
        return bench.control.flush(transport, "tester").toCompletableFuture();
    }

    private static List<String> flushes(FakeTransport transport) {
        return transport.calls.stream().filter(call -> call.startsWith("flush")).toList();
    }

    @Test
    void visits_one_transport_after_the_other_outgoing_before_incoming() throws Exception {
        List<SpoolId> ids = deferred();
        CompletableFuture<Flush> end = flush(null);
        bench.advance(MOMENT);
        assertThat(first.taken).as("tried again").hasSize(2);
        assertThat(flushes(first)).containsExactly("flushOutbound");
        assertThat(second.taken).as("not its turn").hasSize(1);
        assertThat(bench.control.flushing()).hasValue(new Flush(State.RUNNING, "first", false, 1, 2, 1, 1));

        first.flush = new CompletableFuture<>();
        relay(first);
        bench.advance(MOMENT);
        assertThat(flushes(first)).containsExactly("flushOutbound", "flushInbound");
        assertThat(bench.control.flushing().orElseThrow().inbound()).isTrue();
        assertThat(flushes(second)).as("the first still fetches").isEmpty();

        first.flush.complete(null);
        bench.advance(MOMENT);
        assertThat(second.taken).hasSize(2);
        relay(second);
        bench.advance(MOMENT);
        assertThat(end).isCompletedWithValueMatching(flush -> flush.state() == State.DONE && flush.woken() == 2);
        assertThat(bench.control.flushing()).isEmpty();
        ids.forEach(id -> assertThat(bench.states(id)).containsExactly(RELAYED));
    }

    @Test
    void a_flush_ends_soon_after_the_last_message_and_shows_meanwhile_what_is_left() throws Exception {
        deferred();
        CompletableFuture<Flush> end = flush("second");
        bench.advance(Duration.ofSeconds(8));
        assertThat(end).isNotDone();
        assertThat(bench.control.flushing().orElseThrow().left()).isEqualTo(1);
        relay(second);
        bench.advance(Duration.ofMillis(300));
        assertThat(end).as("a thirty-second of the time later at most").isDone();
    }

    @Test
    void one_transport_alone_can_be_flushed() throws Exception {
        List<SpoolId> ids = deferred();
        CompletableFuture<Flush> end = flush("second");
        bench.advance(MOMENT);
        relay(second);
        bench.advance(MOMENT);
        assertThat(end).isCompletedWithValueMatching(flush -> flush.state() == State.DONE);
        assertThat(bench.states(ids.get(0))).containsExactly(DEFERRED);
        assertThat(bench.states(ids.get(1))).containsExactly(RELAYED);
        assertThat(flushes(first)).isEmpty();
        assertThatThrownBy(() -> flush("third")).hasMessageContaining("no transport named third");
    }

    @Test
    void only_one_flush_at_a_time() throws Exception {
        deferred();
        CompletableFuture<Flush> end = flush(null);
        assertThat(flush("second")).isCompletedWithValueMatching(flush -> flush.state() == State.BUSY);
        assertThat(end).isNotDone();
        assertThat(bench.told)
                .as("what did not begin is no order")
                .noneMatch(event -> event instanceof SpoolEvent.Administered);
    }

    @Test
    void a_cancelled_flush_visits_no_other_transport() throws Exception {
        List<SpoolId> ids = deferred();
        CompletableFuture<Flush> end = flush(null);
        bench.advance(MOMENT);
        assertThat(bench.control.cancelFlush("tester")).isTrue();
        assertThat(end).isCompletedWithValueMatching(flush -> flush.state() == State.CANCELLED);
        relay(first);
        bench.advance(MOMENT);
        assertThat(bench.states(ids.get(0))).as("what is under way ends").containsExactly(RELAYED);
        assertThat(second.taken).hasSize(1);
        assertThat(bench.control.cancelFlush("tester")).isFalse();
    }

    @Test
    void a_slow_transport_does_not_keep_the_others_and_one_that_leaves_is_passed_over() throws Exception {
        deferred();
        CompletableFuture<Flush> end = flush(null);
        bench.advance(Duration.ofMinutes(14));
        assertThat(second.taken).hasSize(1);
        first.flush = new CompletableFuture<>();
        bench.advance(Duration.ofMinutes(31));
        assertThat(second.taken).as("after a visit each way").hasSize(2);
        assertThat(end).isNotDone();
    }

    @Test
    void mail_that_comes_in_meanwhile_does_not_keep_a_flush_from_ending() throws Exception {
        deferred();
        first.manual = false;
        first.when = answer -> bench.loop.after(Duration.ofSeconds(2), answer);
        CompletableFuture<Flush> end = flush("first");
        for (int i = 0; i < 30 && !end.isDone(); i++) {
            bench.send("u" + i + "@example.org");
            bench.advance(Duration.ofMillis(500));
        }
        assertThat(end).isCompletedWithValueMatching(flush -> flush.state() == State.DONE);
    }

    @Test
    void what_two_transports_carry_becomes_due_once() throws Exception {
        first.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        bench.transport(first, "first", 2, "SMTP");
        bench.transport(second, "second", 1, "SMTP");
        bench.send("ann@example.org");
        CompletableFuture<Flush> end = flush(null);
        bench.advance(MOMENT);
        assertThat(first.taken).hasSize(2);
        assertThat(end).isDone();
    }

    @Test
    void a_transport_that_offers_no_flush_is_not_called_and_its_mail_goes() throws Exception {
        List<SpoolId> ids = deferred();
        first.operations = EnumSet.of(Operation.OUTBOUND, Operation.INBOUND);
        first.manual = false;
        CompletableFuture<Flush> end = flush("first");
        bench.advance(MOMENT);
        assertThat(end).isCompletedWithValueMatching(flush -> flush.state() == State.DONE);
        assertThat(bench.states(ids.get(0))).containsExactly(RELAYED);
        assertThat(flushes(first)).isEmpty();
    }

    @Test
    void suspensions_hold() throws Exception {
        List<SpoolId> ids = deferred();
        bench.control.suspend(new Target("first", null), "tester");
        CompletableFuture<Flush> end = flush("first");
        bench.advance(MOMENT);
        assertThat(end).isCompletedWithValueMatching(flush -> flush.state() == State.DONE);
        assertThat(bench.states(ids.get(0))).containsExactly(DEFERRED);
    }

    @Test
    void a_transport_that_cannot_flush_is_no_obstacle() {
        Map<String, Object> properties = bench.transport(first, "first", 2, "SMTP");
        first.flush = CompletableFuture.failedFuture(new IllegalStateException("broken"));
        CompletableFuture<Flush> end = flush(null);
        bench.advance(MOMENT);
        assertThat(end).isCompletedWithValueMatching(flush -> flush.state() == State.DONE);
        first.flush = new CompletableFuture<>();
        CompletableFuture<Flush> next = flush(null);
        bench.registry.remove(properties);
        bench.advance(MOMENT);
        assertThat(next).isCompletedWithValueMatching(flush -> flush.state() == State.DONE);
    }
}
