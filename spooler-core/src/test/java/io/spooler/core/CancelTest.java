package io.spooler.core;

import static io.spooler.RecipientState.CANCELLED;
import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.RELAYED;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.Spooler.Cancellation;
import io.spooler.hook.Decision;
import io.spooler.hook.PreProcessor;
import io.spooler.transport.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client cancels what something is working on. */
class CancelTest {

    private final Bench bench = new Bench();
    private final FakeTransport smtp = new FakeTransport();

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    private SpoolId underWay(String... recipients) throws Exception {
        bench.withStore();
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        return bench.send(recipients);
    }

    @Test
    void a_transport_that_works_on_it_is_asked_to_stop_and_what_it_hands_back_is_cancelled() throws Exception {
        SpoolId id = underWay("ann@example.org", "bob@example.org");
        List<String> heard = new ArrayList<>();
        smtp.taken.get(0).onCancel(() -> heard.add("stop"));
        assertThat(bench.client.cancel(id)).isEqualTo(Cancellation.IN_PROGRESS);
        assertThat(bench.client.cancel(id)).isEqualTo(Cancellation.IN_PROGRESS);
        assertThat(heard).containsExactly("stop");
        smtp.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK), new Outcome.NotMine()));
        assertThat(bench.states(id)).containsExactly(RELAYED, CANCELLED);
        assertThat(bench.status(id).complete()).isTrue();
        assertThat(bench.client.cancel(id)).isEqualTo(Cancellation.NOT_QUEUED);
        assertThat(smtp.taken).as("nobody is told").hasSize(1);
    }

    @Test
    void what_is_in_line_is_cancelled_at_once() throws Exception {
        SpoolId id = underWay("ann@example.org", "bob@example.net", "joe@example.com");
        assertThat(smtp.taken).hasSize(2);
        bench.client.cancel(id);
        assertThat(bench.states(id)).last().isEqualTo(CANCELLED);
        Outcome.Deferred later =
                new Outcome.Deferred(Outcome.Scope.RECIPIENT, Duration.ofHours(1), new Reply("4.2.1", "later"));
        smtp.open.get(0).complete(List.of(later));
        smtp.open.get(1).complete(List.of(Outcome.Deferred.lane(new Reply("4.4.1", "refused"))));
        assertThat(bench.states(id)).as("none is tried again").containsOnly(CANCELLED);
        assertThat(bench.first(id).attempts()).isEqualTo(1);
        bench.advance(Duration.ofHours(2));
        assertThat(smtp.taken).hasSize(2);
    }

    @Test
    void what_is_served_all_the_same_is_served() throws Exception {
        SpoolId id = underWay("ann@example.org");
        bench.client.cancel(id);
        smtp.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void one_that_never_answers_is_not_tried_again() throws Exception {
        SpoolId id = underWay("ann@example.org");
        bench.client.cancel(id);
        bench.advance(Duration.ofMinutes(16));
        assertThat(bench.states(id)).containsExactly(CANCELLED);
    }

    @Test
    void a_cancelled_recipient_that_fails_has_no_alternative() throws Exception {
        bench.withStore();
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        Recipient ann = Recipient.of(Address.smtp("ann@example.org"))
                .withAlternatives(List.of(new Recipient.Alternative(Address.smtp("bob@example.org"), null)));
        SpoolId id = bench.submit(new Envelope(null, List.of(ann), Envelope.Options.DEFAULT));
        bench.client.cancel(id);
        smtp.open.get(0).complete(List.of(new Outcome.Failed(new Reply("5.1.1", "no such user"))));
        assertThat(bench.states(id)).containsExactly(RecipientState.FAILED);
        assertThat(smtp.taken).hasSize(1);
    }

    @Test
    void what_hooks_work_on_is_cancelled_behind_them() throws Exception {
        bench.withStore();
        List<Runnable> late = new ArrayList<>();
        bench.workers = late::add;
        bench.hook((PreProcessor) message -> new Decision.Continue(), "hook", 0);
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.client.cancel(id)).isEqualTo(Cancellation.IN_PROGRESS);
        late.remove(0).run();
        assertThat(bench.states(id)).containsExactly(CANCELLED);
        assertThat(smtp.taken).isEmpty();
    }

    @Test
    void a_deferral_that_is_being_recorded_is_in_progress() throws Exception {
        List<Runnable> late = new ArrayList<>();
        bench.withSlowStore(late);
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(late).isNotEmpty();
        assertThat(bench.client.cancel(id)).isEqualTo(Cancellation.IN_PROGRESS);
        while (!late.isEmpty()) {
            late.remove(0).run();
        }
        assertThat(bench.states(id)).containsExactly(DEFERRED);
    }

    @Test
    void a_transport_needs_not_announce_any_more_what_it_has_deferred() throws Exception {
        bench.withStore();
        smtp.answer = address -> new Outcome.Deferred(
                Outcome.Scope.RECIPIENT, Duration.ofHours(6), new Reply("4.2.1", "I will say when"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        FakeTransport other = new FakeTransport();
        bench.transport(other, "other", 0, "FAX");
        SpoolId id = bench.send("ann@example.org", "bob@example.org");
        assertThat(bench.client.cancel(id)).isEqualTo(Cancellation.CANCELLED);
        assertThat(smtp.calls).containsOnlyOnce("abortDeferred " + id);
        assertThat(other.calls).noneMatch(call -> call.startsWith("abort"));
    }

    @Test
    void the_end_of_the_core_recalls_and_cancels_nothing() throws Exception {
        SpoolId id = underWay("ann@example.org");
        CompletableFuture<Void> end = bench.core.close();
        assertThat(smtp.taken.get(0).isCancelled()).isTrue();
        smtp.open.get(0).complete(List.of(new Outcome.NotMine()));
        assertThat(end).isCompleted();
        assertThat(bench.store.find(id).orElseThrow().recipients().get(0).state())
                .isEqualTo(RecipientState.READY);
        assertThat(smtp.calls).noneMatch(call -> call.startsWith("abort"));
    }
}
