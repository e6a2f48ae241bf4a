package io.spooler.core;

import static io.spooler.RecipientState.EXPIRED;
import static io.spooler.RecipientState.HELD;
import static io.spooler.RecipientState.READY;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.Spooler;
import io.spooler.core.admin.Desk;
import io.spooler.store.Settlement.Transition;
import io.spooler.transport.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Changes to single messages, while other things happen to them. */
class DeskTest {

    private final Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();

    @Test
    void a_hold_of_one_recipient_does_not_let_go_of_another_that_has_gone_out() throws Exception {
        List<Runnable> late = new ArrayList<>();
        Bench slow = new Bench().withSlowStore(late);
        smtp.manual = true;
        slow.transport(smtp, "smtp", 0, "SMTP");
        slow.send("a@first.example");
        slow.send("b@first.example");
        SpoolId id = slow.send("ann@example.org", "bob@example.net");
        assertThat(smtp.taken).as("concurrency 2: the third is in line").hasSize(2);

        CompletableFuture<Desk.Changed> held =
                slow.desk.change(id, (message, number, r) -> isNet(r) ? held(number) : null);
        assertThat(held).as("not recorded yet").isNotDone();
        smtp.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        late.get(1).run();
        assertThat(smtp.recipients())
                .as("ann goes out while the hold is being recorded")
                .contains("ann@example.org");
        late.get(0).run();
        assertThat(held)
                .isCompletedWithValueMatching(
                        changed -> changed.before().keySet().equals(Set.of(1)));

        assertThat(slow.store.claim(id, slow.clock.instant(), Duration.ofMinutes(1)))
                .as("still claimed: the transport works on it")
                .isEmpty();
        smtp.open.get(2).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        assertThat(slow.states(id)).containsExactly(RELAYED, HELD);
        assertThat(smtp.recipients()).as("once").containsOnlyOnce("ann@example.org");
    }

    @Test
    void what_is_being_reported_does_not_go_out_any_more() throws Exception {
        List<Runnable> late = new ArrayList<>();
        Bench slow = new Bench().withSlowReports(late);
        smtp.manual = true;
        slow.transport(smtp, "smtp", 0, "SMTP");
        slow.send("a@first.example");
        slow.send("b@first.example");
        SpoolId id = slow.send("ann@example.org");
        CompletableFuture<Desk.Changed> expired = slow.desk.change(
                id,
                (message, number, r) -> new Transition(number, EXPIRED, false, null, null, new Reply("5.4.7", "x")));
        assertThat(expired).as("the report is not durable yet").isNotDone();
        smtp.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        assertThat(smtp.recipients()).doesNotContain("ann@example.org");
        assertThat(slow.client.cancel(id)).isEqualTo(Spooler.Cancellation.IN_PROGRESS);
        late.remove(0).run();
        assertThat(expired)
                .isCompletedWithValueMatching(changed -> changed.before().size() == 1);
        assertThat(slow.states(id)).containsExactly(EXPIRED);
        assertThat(slow.status(id).complete()).isTrue();
    }

    @Test
    void a_message_that_two_change_is_given_back_by_the_last() throws Exception {
        List<Runnable> late = new ArrayList<>();
        Bench slow = new Bench().withSlowReports(late);
        SpoolId id = slow.send("ann@example.org", "bob@example.net", "cid@example.com");
        CompletableFuture<Desk.Changed> first = slow.desk.change(id, (message, number, r) -> expired(number, 0));
        CompletableFuture<Desk.Changed> second = slow.desk.change(id, (message, number, r) -> expired(number, 1));
        assertThat(slow.desk.change(id, (message, number, r) -> null)).isCompleted();
        late.remove(0).run();
        assertThat(first)
                .isCompletedWithValueMatching(changed -> changed.before().size() == 1);
        assertThat(slow.store.claim(id, slow.clock.instant(), Duration.ofMinutes(1)))
                .as("still claimed: the second is being reported")
                .isEmpty();
        late.remove(0).run();
        assertThat(second)
                .isCompletedWithValueMatching(changed -> changed.before().size() == 1);
        assertThat(slow.states(id)).containsExactly(EXPIRED, EXPIRED, WAITING);
        assertThat(slow.store.claim(id, slow.clock.instant(), Duration.ofMinutes(1)))
                .as("given back")
                .isPresent();
    }

    private static Transition expired(int number, int which) {
        return number == which
                ? new Transition(number, EXPIRED, false, null, null, new Reply("5.4.7", "expired"))
                : null;
    }

    @Test
    void an_edit_that_throws_gives_its_message_back() throws Exception {
        SpoolId id = bench.send("ann@example.org");
        CompletableFuture<Desk.Changed> changed = bench.desk.change(id, (message, number, r) -> {
            throw new IllegalStateException("edit");
        });
        assertThat(changed).isCompletedExceptionally();
        assertThat(bench.core.window().recipients()).isZero();
        assertThat(bench.client.cancel(id)).isEqualTo(Spooler.Cancellation.CANCELLED);
    }

    @Test
    void what_is_due_again_before_its_record_is_heard_of_counts_as_changed() throws Exception {
        List<Runnable> late = new ArrayList<>();
        Bench slow = new Bench().withSlowStore(late);
        SpoolId id = slow.send("ann@example.org");
        late.remove(0).run();
        assertThat(slow.states(id)).containsExactly(WAITING);
        CompletableFuture<Desk.Changed> retried = slow.desk.change(
                id, (message, number, r) -> new Transition(number, READY, false, slow.clock.instant(), null, null));
        assertThat(retried).isNotDone();
        slow.core.pump().request();
        assertThat(late).as("claimed and parked again").hasSize(2);
        late.remove(0).run();
        assertThat(retried)
                .isCompletedWithValueMatching(changed -> changed.before().size() == 1);
        late.remove(0).run();
        assertThat(slow.states(id)).containsExactly(WAITING);
        assertThat(slow.core.window().recipients()).isZero();
    }

    private static boolean isNet(RecipientStatus status) {
        return status.recipient().address().domain().equals("example.net");
    }

    private static Transition held(int number) {
        return new Transition(number, HELD, false, null, null, null);
    }
}
