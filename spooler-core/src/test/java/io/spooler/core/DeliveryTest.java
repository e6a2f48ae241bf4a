package io.spooler.core;

import static io.spooler.RecipientState.CANCELLED;
import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.EXPIRED;
import static io.spooler.RecipientState.FAILED;
import static io.spooler.RecipientState.OFFERED;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.Spooler.Cancellation;
import io.spooler.store.Claim;
import io.spooler.store.MessageStore;
import io.spooler.store.Settlement;
import io.spooler.store.Settlement.Transition;
import io.spooler.transport.Outcome;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The way out, in simulated time. */
class DeliveryTest {

    private static final Reply REFUSED = new Reply("4.4.1", "connection refused");

    private final Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    @Test
    void delivers_and_forgets_nothing_of_the_ledger() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org", "bob@example.net", "ANN@EXAMPLE.ORG", "ann@EXAMPLE.org");

        MessageStatus status = bench.status(id);
        assertThat(status.complete()).isTrue();
        assertThat(bench.states(id)).containsExactly(RELAYED, RELAYED, RELAYED);
        assertThat(smtp.recipients())
                .as("duplicates are removed (R7), each lane is one consignment")
                .containsExactly("ann@example.org", "ANN@EXAMPLE.ORG", "bob@example.net");
        assertThat(bench.first(id).attempts()).isEqualTo(1);
        assertThat(bench.first(id).transport()).isEqualTo("smtp");
        assertThat(bench.first(id).reply()).isEqualTo(FakeTransport.OK);
    }

    @Test
    void waits_for_a_transport_and_goes_on_by_itself() throws Exception {
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(WAITING);
        assertThat(bench.admin.status().waiting()).isEqualTo(Map.of("SMTP", 1L));
        assertThat(bench.admin.why(id).orElseThrow().get(0).text())
                .contains("WAITING", "missing type: SMTP", "gives up at 2026-03-06T12:00:00Z");

        bench.transport(smtp, "smtp", 0, "SMTP");

        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void a_recipient_that_nobody_ever_carries_expires_and_is_reported_once() throws Exception {
        SpoolId id =
                bench.submit(Envelope.of(new Address("LOCAL", "sender"), List.of(new Address("FAX", "+351210000000"))));
        FakeTransport local = new FakeTransport();
        bench.transport(local, "local", 0, "LOCAL");
        bench.advance(Duration.ofDays(5).minusSeconds(1));
        assertThat(bench.states(id)).containsExactly(WAITING);
        assertThat(local.contents).as("a notice of delay").hasSize(1);

        bench.advance(Duration.ofSeconds(2));

        assertThat(bench.states(id)).containsExactly(EXPIRED);
        assertThat(local.recipients()).containsExactly("sender", "sender");
        assertThat(local.taken.get(1).sender()).as("null reverse path").isNull();
        assertThat(local.contents.get(1))
                .contains("multipart/report; report-type=delivery-status", "Final-Recipient: FAX; +351210000000")
                .contains("Status: 5.4.4", "Action: failed", "Subject: test")
                .contains("Arrival-Date: Sun, 1 Mar 2026 12:00:00 +0000");
    }

    @Test
    void submitting_needs_a_store_and_nothing_else() throws Exception {
        Bench bare = new Bench();
        assertThatThrownBy(() -> bare.send("ann@example.org"))
                .isInstanceOfSatisfying(
                        SpoolException.class, e -> assertThat(e.reason()).isEqualTo(SpoolException.Reason.NO_STORE));
        bare.withStore();
        assertThat(bare.states(bare.send("ann@example.org"))).containsExactly(WAITING);
    }

    @Test
    void refuses_a_message_without_recipients() {
        assertThatThrownBy(() -> bench.submit(Envelope.of(null, List.of())))
                .isInstanceOfSatisfying(
                        SpoolException.class,
                        e -> assertThat(e.reason()).isEqualTo(SpoolException.Reason.NO_RECIPIENTS));
    }

    @Test
    void a_temporary_refusal_is_tried_again_by_the_policy() throws Exception {
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "greylisted"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        assertThat(bench.admin.why(id).orElseThrow().get(0).text())
                .contains("DEFERRED", "next attempt at", "greylisted", "last by smtp");
        Duration wait = Duration.between(bench.clock.instant(), bench.first(id).due());
        assertThat(wait).isBetween(Duration.ofSeconds(270), Duration.ofSeconds(330));

        bench.advance(Duration.ofSeconds(269));
        assertThat(smtp.taken).hasSize(1);
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        bench.advance(Duration.ofSeconds(62));

        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(bench.first(id).attempts()).isEqualTo(2);
    }

    @Test
    void a_failure_is_reported_to_the_sender_with_the_reply() throws Exception {
        smtp.answer = address -> address.value().startsWith("nobody")
                ? new Outcome.Failed(new Reply("5.1.1", "no such user"))
                : new Outcome.Relayed(FakeTransport.OK);
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("nobody@example.org", "ann@example.org");

        assertThat(bench.states(id)).containsExactly(FAILED, RELAYED);
        assertThat(smtp.recipients()).containsExactly("nobody@example.org", "ann@example.org", "sender@example.com");
        assertThat(smtp.contents.get(1))
                .contains("Final-Recipient: rfc822; nobody@example.org", "Status: 5.1.1", "no such user")
                .doesNotContain("ann@example.org");
    }

    @Test
    void a_report_never_causes_a_report() throws Exception {
        smtp.answer = address -> new Outcome.Failed(new Reply("5.1.1", "no such user"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.send("nobody@example.org");
        assertThat(smtp.recipients()).containsExactly("nobody@example.org", "sender@example.com");
    }

    @Test
    void a_dead_destination_costs_one_probe_and_does_not_slow_another() throws Exception {
        smtp.answer = address -> address.domain().equals("dead.example")
                ? Outcome.Deferred.lane(REFUSED)
                : new Outcome.Relayed(FakeTransport.OK);
        bench.transport(smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 100; i++) {
            bench.send("u" + i + "@dead.example");
        }
        assertThat(smtp.taken).as("one probe").hasSize(1);
        assertThat(bench.states(bench.send("ann@alive.example"))).containsExactly(RELAYED);

        bench.advance(Duration.ofMinutes(2));
        int probes = smtp.taken.size() - 2;
        assertThat(probes)
                .as("probes of two minutes: after 1, 2, 4, 8, 16, 32 seconds")
                .isBetween(6, 7);

        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        bench.advance(Duration.ofMinutes(3));
        assertThat(bench.store.status().messages()).isZero();
    }

    @Test
    void a_transport_that_declines_is_passed_over_once_per_round() throws Exception {
        FakeTransport picky = new FakeTransport();
        picky.answer = address -> new Outcome.NotMine();
        bench.transport(picky, "picky", 10, "SMTP");
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(picky.taken).hasSize(1);
        assertThat(bench.first(id).transport()).isEqualTo("smtp");
    }

    @Test
    void declined_by_all_is_a_failure() throws Exception {
        smtp.answer = address -> new Outcome.NotMine();
        bench.transport(smtp, "smtp", 0, "SMTP:*@example.org");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(FAILED);
    }

    static List<Outcome> stopped() {
        return List.of(
                new Outcome.NotMine(),
                new Outcome.Deferred(Outcome.Scope.LANE, null, REFUSED),
                new Outcome.Deferred(Outcome.Scope.TRANSPORT, null, REFUSED));
    }

    @ParameterizedTest
    @MethodSource("stopped")
    void a_leaving_transport_hands_back_and_no_attempt_is_counted(Outcome stopped) throws Exception {
        smtp.manual = true;
        Map<String, Object> properties = bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(OFFERED);

        bench.registry.remove(properties);
        assertThat(smtp.taken.get(0).isCancelled()).isTrue();
        smtp.open.get(0).complete(List.of(stopped));

        assertThat(bench.states(id)).containsExactly(WAITING);
        assertThat(bench.first(id).attempts()).isZero();
        smtp.manual = false;
        bench.transport(smtp, "smtp", 0, "SMTP");
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void what_is_in_line_for_a_leaving_transport_waits_and_goes_on_when_it_returns() throws Exception {
        smtp.manual = true;
        Map<String, Object> properties = bench.transport(smtp, "smtp", 0, "SMTP");
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(bench.send("u" + i + "@example.org"));
        }
        assertThat(smtp.taken).as("concurrency 2").hasSize(2);

        bench.registry.remove(properties);
        smtp.open.forEach(open -> open.complete(List.of(new Outcome.NotMine())));
        for (SpoolId id : ids) {
            assertThat(bench.states(id)).containsExactly(WAITING);
        }

        smtp.manual = false;
        bench.transport(smtp, "smtp", 0, "SMTP");
        for (SpoolId id : ids) {
            assertThat(bench.states(id)).containsExactly(RELAYED);
        }
    }

    @Test
    void a_transport_that_vanishes_without_an_answer_is_not_waited_for() throws Exception {
        smtp.manual = true;
        Map<String, Object> properties = bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        bench.registry.remove(properties);
        bench.advance(Duration.ofSeconds(9));
        assertThat(bench.states(id)).containsExactly(OFFERED);

        bench.advance(Duration.ofSeconds(2));

        assertThat(bench.states(id)).containsExactly(WAITING);
        assertThat(bench.first(id).attempts()).isEqualTo(1);
        smtp.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        assertThat(bench.states(id)).as("a late answer counts for nothing").containsExactly(WAITING);
    }

    @Test
    void a_transport_that_throws_or_answers_nonsense_loses_nothing() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId a = bench.send("ann@example.org");
        SpoolId b = bench.send("bob@example.net");
        smtp.open.get(0).completeExceptionally(new IllegalStateException("broken"));
        smtp.open.get(1).complete(List.of());
        assertThat(bench.states(a)).containsExactly(DEFERRED);
        assertThat(bench.states(b)).containsExactly(DEFERRED);

        smtp.manual = false;
        bench.advance(Duration.ofSeconds(10));

        assertThat(bench.states(a)).containsExactly(RELAYED);
        assertThat(bench.states(b)).containsExactly(RELAYED);
    }

    @Test
    void a_transport_that_never_answers_is_cancelled_after_its_time() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        bench.advance(Duration.ofMinutes(14));
        assertThat(bench.states(id)).containsExactly(OFFERED);
        bench.advance(Duration.ofMinutes(1).plusSeconds(6));
        assertThat(smtp.taken.get(0).isCancelled()).isTrue();
        assertThat(bench.first(id).attempts()).isGreaterThanOrEqualTo(1);
        assertThat(bench.store.status().messages()).isEqualTo(1);
    }

    @Test
    void a_jump_of_the_clock_neither_cancels_a_delivery_nor_prolongs_it() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.send("ann@example.org");
        bench.clock.advance(Duration.ofMinutes(16));
        bench.advance(Duration.ofMinutes(1));
        assertThat(smtp.taken.get(0).isCancelled()).isFalse();

        bench.send("bob@example.org");
        bench.clock.advance(Duration.ofMinutes(-16));
        bench.advance(Duration.ofMinutes(14).plusSeconds(6));
        assertThat(smtp.taken.get(0).isCancelled()).isTrue();
        bench.advance(Duration.ofMinutes(1));
        assertThat(smtp.taken.get(1).isCancelled()).isTrue();
    }

    @Test
    void cancel_has_three_answers() throws Exception {
        smtp.manual = true;
        SpoolId waiting = bench.send("ann@example.org");
        assertThat(bench.client.cancel(waiting)).isEqualTo(Cancellation.CANCELLED);
        assertThat(bench.states(waiting)).containsExactly(CANCELLED);
        assertThat(bench.client.cancel(waiting)).isEqualTo(Cancellation.NOT_QUEUED);

        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId offered = bench.send("bob@example.org");
        assertThat(bench.client.cancel(offered)).isEqualTo(Cancellation.IN_PROGRESS);
        smtp.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        assertThat(bench.client.cancel(offered)).isEqualTo(Cancellation.NOT_QUEUED);
    }

    @Test
    void cancelling_what_is_final_but_not_complete_completes_it() throws Exception {
        SpoolId id = bench.send("ann@example.org");
        Claim claim = bench.store
                .claim(id, bench.clock.instant(), Duration.ofMinutes(1))
                .orElseThrow();
        Transition end = new Transition(0, CANCELLED, false, null, null, null);
        bench.store.settle(claim, new Settlement(null, List.of(end), false));
        bench.store.release(claim);
        assertThat(bench.status(id).complete()).isFalse();
        assertThat(bench.client.cancel(id)).isEqualTo(Cancellation.NOT_QUEUED);
        assertThat(bench.status(id).complete()).isTrue();
        assertThat(bench.core.window().find(id)).isEmpty();
    }

    @Test
    void what_is_in_line_behind_others_can_be_cancelled() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.send("a@example.org");
        bench.send("b@example.org");
        SpoolId third = bench.send("c@example.org");
        assertThat(smtp.taken).as("concurrency 2").hasSize(2);
        assertThat(bench.client.cancel(third)).isEqualTo(Cancellation.CANCELLED);
        smtp.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        smtp.open.get(1).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        assertThat(smtp.recipients()).containsExactly("a@example.org", "b@example.org");
        assertThat(bench.store.status().messages()).isZero();
    }

    @Test
    void await_tells_the_last_ledger_and_events_come_in_order() throws Exception {
        SpoolId id = bench.send("ann@example.org");
        CompletableFuture<MessageStatus> future = bench.client.await(id).toCompletableFuture();
        assertThat(future).isNotDone();
        bench.transport(smtp, "smtp", 0, "SMTP");
        assertThat(future).isCompletedWithValueMatching(MessageStatus::complete);
        assertThat(bench.told.stream()
                        .filter(event -> !(event instanceof SpoolEvent.Status))
                        .map(event -> event.getClass().getSimpleName()))
                .containsExactly("Queued", "Changed", "Changed", "Completed");
    }

    @Test
    void the_store_may_leave_and_come_back_in_the_middle() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        bench.registry.remove(Map.of("service.id", 1L));
        assertThat(smtp.taken.get(0).isCancelled()).isTrue();
        smtp.open.get(0).complete(List.of(new Outcome.NotMine()));
        assertThat(bench.client.find(id)).isEmpty();

        smtp.manual = false;
        bench.withStore();
        // The claim that was lost with the store ends with its lease.
        bench.advance(Duration.ofHours(2));

        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void closing_hands_back_what_is_not_finished() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        CompletableFuture<Void> closed = bench.core.close();
        assertThat(closed).isNotDone();
        smtp.open.get(0).complete(List.of(new Outcome.NotMine()));
        assertThat(closed).isDone();
        assertThat(bench.store.claim(10, bench.clock.instant(), Duration.ofMinutes(1)))
                .singleElement()
                .satisfies(claim -> assertThat(claim.message().id()).isEqualTo(id));
    }

    @Test
    void a_store_that_throws_when_it_records_costs_no_slot() throws Exception {
        Bench torn = new Bench();
        AtomicBoolean broken = new AtomicBoolean(true);
        torn.withStore((MessageStore) Proxy.newProxyInstance(
                MessageStore.class.getClassLoader(),
                new Class<?>[] {MessageStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("settle") && broken.get()) {
                        throw new IllegalStateException("the store has been stopped");
                    }
                    return method.invoke(torn.store, arguments);
                }));
        torn.transport(1, smtp, "smtp", 0, "SMTP");
        SpoolId first = torn.send("ann@example.org");
        SpoolId second = torn.send("bob@example.org");
        assertThat(smtp.recipients()).as("the slot is free again").hasSize(2);
        assertThat(torn.core.window().recipients()).isZero();
        broken.set(false);
        torn.advance(torn.core.settings().lease().plusSeconds(1));
        assertThat(torn.states(first)).containsExactly(RELAYED);
        assertThat(torn.states(second)).containsExactly(RELAYED);
        assertThat(torn.loop.failure()).isNull();
    }

    @Test
    void closing_begins_nothing_more() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 5; i++) {
            bench.send("u" + i + "@example.org");
        }
        CompletableFuture<Void> closed = bench.core.close();
        smtp.open.forEach(open -> open.complete(List.of(new Outcome.Relayed(FakeTransport.OK))));
        assertThat(smtp.taken).as("a free slot is not filled").hasSize(2);
        assertThat(closed).isDone();
        assertThat(bench.store.claim(10, bench.clock.instant(), Duration.ofMinutes(1)))
                .as("the others are given back")
                .hasSize(3);
    }
}
