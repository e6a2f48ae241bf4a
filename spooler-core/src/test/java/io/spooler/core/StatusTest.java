package io.spooler.core;

import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.RELAYED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolStatus.TransportRow;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider.Operation;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the spooler and its transports are, who hears of changes, and what a check does. */
class StatusTest {

    private static final TransportStatus READY = new TransportStatus(Condition.AVAILABLE, "ready");
    private static final TransportStatus BROKEN = new TransportStatus(Condition.FAILED, "no such interface");

    private final Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    private TransportRow row() {
        return bench.admin.status().transports().get(0);
    }

    /** What was told of the transport, or of the spooler itself. */
    private List<String> told(String transport) {
        return bench.told.stream()
                .filter(SpoolEvent.Status.class::isInstance)
                .map(SpoolEvent.Status.class::cast)
                .filter(event -> transport.equals(event.transport() == null ? "" : event.transport()))
                .map(event -> event.condition() + " " + event.text())
                .toList();
    }

    @Test
    void a_row_tells_the_operations_and_the_last_success_and_error() throws Exception {
        smtp.operations = EnumSet.allOf(Operation.class);
        bench.transport(smtp, "smtp", 0, "SMTP");
        FakeTransport in = new FakeTransport();
        bench.transport(in, "in", -1);
        assertThat(row().operations()).containsExactlyInAnyOrder(Operation.values());
        assertThat(bench.admin.status().transports().get(1).operations())
                .as("it takes no recipients")
                .containsExactlyInAnyOrder(Operation.VALIDATE, Operation.FLUSH);
        assertThat(row().lastSuccess()).isNull();
        assertThat(row().lastError()).isNull();

        bench.send("ann@example.org");
        assertThat(row().lastSuccess()).isEqualTo(bench.clock.instant());
        bench.advance(Duration.ofMinutes(1));
        smtp.answer = address -> Outcome.Deferred.lane(new Reply("4.4.1", "refused"));
        bench.send("bob@example.org");
        assertThat(row().lastSuccess()).isEqualTo(bench.clock.instant().minusSeconds(60));
        assertThat(row().lastError()).satisfies(error -> {
            assertThat(error.time()).isEqualTo(bench.clock.instant());
            assertThat(error.text()).isEqualTo("4.4.1 refused");
        });
    }

    @Test
    void the_spooler_has_a_row_of_its_own() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.send("ann@example.org");
        assertThat(bench.admin.status().spooler()).satisfies(row -> {
            assertThat(row.status()).isEqualTo(new TransportStatus(Condition.AVAILABLE, "working"));
            assertThat(row.operations()).containsExactlyInAnyOrder(Operation.VALIDATE, Operation.FLUSH);
            assertThat(row.inFlight()).isEqualTo(1);
        });
        bench.registry.remove(Map.of("service.id", 1L));
        assertThat(bench.admin.status().spooler().status().condition()).isEqualTo(Condition.FAILED);
        assertThat(told(""))
                .containsExactly(
                        "FAILED no message store is present",
                        "AVAILABLE working",
                        "FAILED no message store is present");
    }

    @Test
    void coming_changing_and_leaving_are_told() throws Exception {
        Map<String, Object> properties = bench.transport(smtp, "smtp", 0, "SMTP");
        bench.send("ann@example.org");
        smtp.status = new TransportStatus(Condition.OFFLINE, "cable");
        bench.advance(Duration.ofSeconds(2));
        bench.registry.remove(properties);
        assertThat(told("smtp")).containsExactly("AVAILABLE fake", "OFFLINE cable", "OFFLINE has left");
    }

    @Test
    void a_change_is_seen_once_a_second_while_there_is_work_and_the_last_one_is_not_missed() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        smtp.calls.clear();
        for (int i = 0; i < 100; i++) {
            smtp.status = new TransportStatus(Condition.AVAILABLE, "number " + i);
            bench.send("u" + i + "@example.org");
            bench.advance(Duration.ofMillis(100));
        }
        bench.advance(Duration.ofSeconds(2));
        assertThat(told("smtp")).hasSizeBetween(8, 13).last().isEqualTo("AVAILABLE number 99");
        assertThat(smtp.calls).hasSizeBetween(8, 13);
    }

    @Test
    void a_transport_with_nothing_to_do_is_left_alone() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.send("ann@example.org");
        bench.advance(Duration.ofSeconds(2));
        smtp.calls.clear();
        bench.advance(Duration.ofDays(2));
        assertThat(smtp.calls).as("no call for idling, none for polling").isEmpty();

        smtp.manual = true;
        bench.send("bob@example.org");
        bench.advance(Duration.ofSeconds(2));
        smtp.calls.clear();
        bench.advance(Duration.ofMinutes(12));
        assertThat(smtp.calls).as("while it works on a message").isEmpty();
    }

    @Test
    void a_check_returns_before_it_has_found_anything_and_is_done_once_at_a_time() {
        smtp.check = new CompletableFuture<>();
        bench.transport(smtp, "smtp", 0, "SMTP");
        smtp.calls.clear();
        assertThat(bench.control.validate("smtp", "tester")).containsExactly("smtp");
        assertThat(bench.control.validate(null, "tester")).containsExactly("smtp");
        assertThat(smtp.calls).containsExactly("validate");
        assertThat(row().lastSuccess()).isNull();

        bench.advance(Duration.ofSeconds(5));
        smtp.check.complete(new TransportStatus(Condition.OFFLINE, "no route"));
        assertThat(row().status().text()).isEqualTo("no route");
        assertThat(row().lastError().text()).isEqualTo("no route");
        smtp.check = CompletableFuture.completedFuture(READY);
        bench.control.validate("smtp", "tester");
        assertThat(row().status()).isEqualTo(READY);
        assertThat(row().lastSuccess()).isEqualTo(bench.clock.instant());
        assertThat(told("smtp")).containsExactly("AVAILABLE fake", "OFFLINE no route", "AVAILABLE ready");
        assertThatThrownBy(() -> bench.control.validate("other", "tester"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no transport named other");
    }

    @Test
    void a_failed_transport_that_is_found_available_is_used_again() throws Exception {
        smtp.status = BROKEN;
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        smtp.check = CompletableFuture.completedFuture(BROKEN);
        bench.control.validate("smtp", "tester");
        bench.advance(Duration.ofHours(1));
        assertThat(smtp.taken).isEmpty();

        smtp.check = CompletableFuture.completedFuture(READY);
        bench.control.validate("smtp", "tester");
        bench.advance(Duration.ofMinutes(30));
        assertThat(bench.states(id))
                .as("though it still says itself that it has failed")
                .containsExactly(RELAYED);

        smtp.answer = address -> Outcome.Deferred.lane(new Reply("4.4.1", "refused"));
        bench.send("bob@example.org");
        assertThat(row().status()).as("work refutes the check").isEqualTo(BROKEN);
    }

    @Test
    void what_a_check_has_found_counts_until_the_transport_says_something_else() {
        bench.transport(smtp, "smtp", 0, "SMTP");
        smtp.check = CompletableFuture.completedFuture(new TransportStatus(Condition.OFFLINE, "no route"));
        bench.control.validate(null, "tester");
        bench.advance(Duration.ofSeconds(10));
        assertThat(row().status().condition()).isEqualTo(Condition.OFFLINE);
        smtp.status = READY;
        assertThat(row().status()).isEqualTo(READY);
    }

    @Test
    void a_check_that_throws_or_never_ends_is_an_error_and_may_be_ordered_again() {
        bench.transport(smtp, "smtp", 0, "SMTP");
        smtp.check = CompletableFuture.failedFuture(new IllegalStateException("broken"));
        bench.control.validate("smtp", "tester");
        assertThat(row().lastError().text()).contains("the check failed", "broken");
        smtp.check = new CompletableFuture<>();
        bench.control.validate("smtp", "tester");
        bench.advance(Duration.ofMinutes(3));
        assertThat(row().lastError().text()).contains("no answer");
        CompletableFuture<TransportStatus> late = smtp.check;
        smtp.check = new CompletableFuture<>();
        bench.control.validate("smtp", "tester");
        late.complete(READY);
        assertThat(row().lastSuccess()).as("too late").isNull();
        smtp.check.complete(READY);
        assertThat(row().lastSuccess()).isNotNull();
    }

    @Test
    void a_check_of_a_transport_that_has_left_counts_for_nothing() {
        Map<String, Object> properties = bench.transport(smtp, "smtp", 0, "SMTP");
        smtp.check = new CompletableFuture<>();
        bench.control.validate(null, "tester");
        bench.registry.remove(properties);
        smtp.check.complete(READY);
        assertThat(told("smtp")).containsExactly("AVAILABLE fake", "OFFLINE has left");
    }
}
