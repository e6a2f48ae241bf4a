package io.spooler.core;

import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.OFFERED;
import static io.spooler.RecipientState.READY;
import static io.spooler.RecipientState.RELAYED;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Mailboxes;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolControl.Activity;
import io.spooler.admin.SpoolControl.Closed;
import io.spooler.admin.SpoolControl.Closing;
import io.spooler.admin.SpoolControl.Flush;
import io.spooler.transport.Inlet;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportStatus.Condition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The five ways to close, and to open again. */
class ClosingTest {

    private static final Duration MOMENT = Duration.ofSeconds(3);

    private final Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    private CompletableFuture<Closed> close(Closing how) {
        return bench.control.close(how, "tester").toCompletableFuture();
    }

    /** What is answered at once. */
    private Closed answer(Closing how) {
        CompletableFuture<Closed> answer = close(how);
        assertThat(answer).isCompleted();
        return answer.join();
    }

    /** Two under way, one in line behind them. */
    private List<SpoolId> busy() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(bench.send("u" + i + "@example.org"));
        }
        return ids;
    }

    private void relay(int number) {
        smtp.open.get(number).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
    }

    private Condition condition() {
        return bench.admin.status().spooler().status().condition();
    }

    @ParameterizedTest
    @EnumSource(
            value = Closing.class,
            names = {"ABORT", "QUIET"})
    void is_refused_while_something_is_active(Closing how) throws Exception {
        List<SpoolId> ids = busy();
        assertThat(close(how)).isCompletedWithValueMatching(answer -> !answer.closed());
        Closed answer = answer(how);
        assertThat(answer.activities()).containsExactlyInAnyOrder(Activity.OUTBOUND_ACTIVE, Activity.OUTBOUND_QUEUED);
        assertThat(answer.text())
                .isEqualTo(how == Closing.ABORT ? "" : "refused: messages are under way, messages are due");
        relay(0);
        assertThat(bench.states(ids.get(2))).as("nothing has changed").containsExactly(OFFERED);
        relay(1);
        relay(2);
        assertThat(close(how)).isCompletedWithValueMatching(Closed::closed);
        assertThat(condition()).isEqualTo(Condition.OFFLINE);
    }

    @Test
    void orderly_finishes_what_is_under_way_and_begins_nothing() throws Exception {
        List<SpoolId> ids = busy();
        CompletableFuture<Closed> end = close(Closing.ORDERLY);
        bench.advance(MOMENT);
        assertThat(smtp.taken.get(0).isCancelled()).isFalse();
        relay(0);
        bench.advance(MOMENT);
        assertThat(end).isNotDone();
        relay(1);
        bench.advance(MOMENT);
        assertThat(end)
                .isCompletedWithValueMatching(
                        answer -> answer.closed() && answer.activities().equals(Set.of(Activity.OUTBOUND_QUEUED)));
        assertThat(smtp.taken).hasSize(2);
        assertThat(bench.states(ids.get(2))).containsExactly(READY);
        assertThat(smtp.calls).containsOnlyOnce("closeInbound");

        SpoolId accepted = bench.send("later@example.org");
        bench.advance(Duration.ofDays(1));
        assertThat(bench.states(accepted)).as("accepted, kept").containsExactly(READY);
        assertThat(condition()).isEqualTo(Condition.OFFLINE);
        smtp.manual = false;
        assertThat(bench.control.open("tester")).isTrue();
        assertThat(bench.control.open("tester")).isFalse();
        assertThat(bench.states(ids.get(2))).containsExactly(RELAYED);
        assertThat(bench.states(accepted)).containsExactly(RELAYED);
        assertThat(smtp.inlet).as("open for what comes in").isNotNull();
        assertThat(condition()).isEqualTo(Condition.AVAILABLE);
    }

    @Test
    void a_transport_that_comes_while_it_is_closed_brings_nothing_in_until_it_is_opened() throws Exception {
        assertThat(close(Closing.ORDERLY)).isCompletedWithValueMatching(Closed::closed);
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(smtp.inlet).isNull();
        assertThat(smtp.taken).isEmpty();
        bench.control.open("tester");
        assertThat(smtp.inlet).isNotNull();
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void no_wait_sends_what_is_due_and_closes_by_itself() throws Exception {
        List<SpoolId> ids = busy();
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        assertThat(close(Closing.NO_WAIT))
                .isCompletedWithValueMatching(
                        answer -> answer.closed() && answer.activities().contains(Activity.OUTBOUND_ACTIVE));
        bench.advance(MOMENT);
        relay(0);
        relay(1);
        assertThat(smtp.taken).as("it was due").hasSize(3);
        smtp.open.get(2).complete(smtp.outcomes(smtp.taken.get(2)));
        bench.advance(MOMENT);
        assertThat(bench.states(ids.get(2))).containsExactly(DEFERRED);
        assertThat(condition()).isEqualTo(Condition.OFFLINE);
        bench.advance(Duration.ofHours(1));
        assertThat(smtp.taken).hasSize(3);
    }

    @Test
    void purge_flushes_first_and_waits() throws Exception {
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        smtp.manual = true;
        CompletableFuture<Closed> end = close(Closing.PURGE);
        bench.advance(MOMENT);
        assertThat(bench.states(id)).containsExactly(OFFERED);
        assertThat(end).isNotDone();
        relay(1);
        bench.advance(MOMENT);
        assertThat(end)
                .isCompletedWithValueMatching(
                        answer -> answer.closed() && answer.activities().isEmpty());
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(bench.control.flush(null, "tester").toCompletableFuture())
                .isCompletedWithValueMatching(flush -> flush.state() == Flush.State.BUSY);
    }

    @Test
    void what_comes_in_is_finished() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        Inlet.Reception reception = smtp.inlet.receive(new Inlet.Arrival("smtp", "ann", null, ""));
        assertThat(answer(Closing.QUIET).activities()).containsExactly(Activity.INBOUND_ACTIVE);
        CompletableFuture<Closed> end = close(Closing.ORDERLY);
        bench.advance(MOMENT);
        assertThat(end).isNotDone();
        assertThat(smtp.inlet).as("no other begins").isNull();
        reception.write(ByteBuffer.wrap(new byte[] {'x'}));
        CompletableFuture<Optional<Mailboxes.Entry>> filed = reception.commit().toCompletableFuture();
        reception.close();
        bench.advance(MOMENT);
        assertThat(filed).isCompleted();
        assertThat(end).isCompletedWithValueMatching(Closed::closed);
    }

    @Test
    void opening_before_it_is_closed_takes_it_back() throws Exception {
        List<SpoolId> ids = busy();
        CompletableFuture<Closed> end = close(Closing.ORDERLY);
        bench.advance(MOMENT);
        bench.control.open("tester");
        assertThat(end).isCompletedWithValueMatching(answer -> !answer.closed());
        relay(0);
        relay(1);
        bench.advance(MOMENT);
        relay(2);
        assertThat(smtp.recipients()).as("each once").doesNotHaveDuplicates().hasSize(3);
        ids.forEach(id -> assertThat(bench.states(id)).containsExactly(RELAYED));
    }

    @Test
    void a_partly_served_message_goes_on_after_opening() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org", "bob@example.net", "joe@example.com");
        CompletableFuture<Closed> end = close(Closing.ORDERLY);
        relay(0);
        bench.control.open("tester");
        assertThat(end).isDone();
        assertThat(smtp.recipients()).doesNotHaveDuplicates().hasSize(3);
        relay(1);
        relay(2);
        assertThat(bench.states(id)).containsOnly(RELAYED);
    }

    @Test
    void the_next_order_replaces_one_that_is_not_carried_out() throws Exception {
        busy();
        CompletableFuture<Closed> purge = close(Closing.PURGE);
        CompletableFuture<Closed> orderly = close(Closing.ORDERLY);
        assertThat(purge).isCompletedWithValueMatching(answer -> !answer.closed());
        relay(0);
        relay(1);
        bench.advance(MOMENT);
        assertThat(orderly).isCompletedWithValueMatching(Closed::closed);
        assertThat(smtp.taken).hasSize(2);
    }

    @Test
    void it_is_not_closed_before_every_outcome_is_on_stable_storage() throws Exception {
        List<Runnable> late = new ArrayList<>();
        Bench slow = new Bench().withSlowStore(late);
        slow.transport(smtp, "smtp", 0, "SMTP");
        slow.send("ann@example.org");
        CompletableFuture<Closed> end =
                slow.control.close(Closing.ORDERLY, "tester").toCompletableFuture();
        slow.advance(MOMENT);
        assertThat(end).as("served, not recorded").isNotDone();
        late.remove(0).run();
        slow.advance(MOMENT);
        assertThat(end).isCompletedWithValueMatching(Closed::closed);
    }
}
