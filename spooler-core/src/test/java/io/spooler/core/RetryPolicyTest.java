package io.spooler.core;

import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.EXPIRED;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.hook.RetryPolicy;
import io.spooler.settings.SettingsException;
import io.spooler.transport.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When it is tried again, and when not: the settings, a policy of a bundle, the sender's own limit, a wrong clock. */
class RetryPolicyTest {

    private static final Reply GREY = new Reply("4.2.1", "greylisted");
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    private final Bench bench;
    private final FakeTransport smtp = new FakeTransport();

    /** Notices of delay would go by the same transport. */
    RetryPolicyTest() throws SettingsException {
        bench = new Bench(CoreSettings.read(Map.of("delay_notice", "0s"))).withStore();
    }

    @BeforeEach
    void a_transport_that_defers() {
        smtp.answer = address -> address.value().startsWith("sender")
                ? new Outcome.Relayed(FakeTransport.OK)
                : Outcome.Deferred.recipient(GREY);
        bench.transport(smtp, "smtp", 0, "SMTP");
    }

    private Duration wait(SpoolId id) {
        return Duration.between(bench.clock.instant(), bench.first(id).due());
    }

    @Test
    void a_bundle_may_replace_the_policy_and_its_leaving_brings_the_settings_back() throws Exception {
        AtomicReference<RetryPolicy.Attempt> asked = new AtomicReference<>();
        Map<String, Object> hourly = bench.policy(
                attempt -> {
                    asked.set(attempt);
                    return new RetryPolicy.At(attempt.now().plus(Duration.ofHours(1)));
                },
                "hourly",
                5);
        bench.policy(attempt -> new RetryPolicy.GiveUp(), "never", 1);
        SpoolId id = bench.send("ann@example.org");
        assertThat(wait(id)).isEqualTo(Duration.ofHours(1));
        assertThat(asked.get().message()).isEqualTo(id);
        assertThat(asked.get().attempts()).isEqualTo(1);
        assertThat(asked.get().reply()).isEqualTo(GREY);
        assertThat(asked.get().submitted()).isEqualTo(bench.status(id).submitted());

        bench.registry.remove(hourly);
        SpoolId other = bench.send("bob@example.org");
        assertThat(bench.states(other)).as("the next in ranking").containsExactly(EXPIRED);
        assertThat(bench.first(other).reply().status()).isEqualTo("5.4.7");
        assertThat(bench.first(other).reply().text()).contains("greylisted");
    }

    @Test
    void a_policy_that_fails_or_answers_nonsense_is_not_followed() throws Exception {
        List<RetryPolicy> wrong = new ArrayList<>();
        wrong.add(attempt -> {
            throw new IllegalStateException("broken");
        });
        wrong.add(attempt -> null);
        wrong.add(attempt -> new RetryPolicy.At(null));
        wrong.add(attempt -> new RetryPolicy.At(attempt.now()));
        wrong.add(attempt -> new RetryPolicy.At(Instant.MAX));
        for (RetryPolicy policy : wrong) {
            Map<String, Object> properties = bench.policy(policy, "wrong", 0);
            SpoolId id = bench.send("ann@example.org");
            assertThat(bench.states(id)).containsExactly(DEFERRED);
            assertThat(wait(id))
                    .isBetween(
                            FIVE_MINUTES.multipliedBy(8).dividedBy(10),
                            FIVE_MINUTES.multipliedBy(12).dividedBy(10));
            bench.registry.remove(properties);
        }
    }

    @Test
    void expires_at_its_age_and_is_reported_once() throws Exception {
        SpoolId id = bench.send("ann@example.org");
        bench.advance(Duration.ofDays(5).minusMinutes(1));
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        assertThat(bench.first(id).attempts()).as("like the ideal schedule").isBetween(33, 40);
        bench.advance(Duration.ofHours(5));
        assertThat(bench.states(id)).containsExactly(EXPIRED);
        assertThat(smtp.recipients()).filteredOn(r -> r.startsWith("sender")).hasSize(1);
    }

    @Test
    void the_limit_of_the_sender_holds_to_the_second() throws Exception {
        Instant limit = bench.clock.instant().plus(Duration.ofHours(7)).plusSeconds(1);
        SpoolId id =
                bench.submit(Envelope.of(Address.smtp("sender@example.com"), List.of(Address.smtp("ann@example.org")))
                        .with(Envelope.Options.DEFAULT.withExpires(limit)));
        bench.advance(Duration.ofHours(7));
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.states(id)).containsExactly(EXPIRED);
    }

    @Test
    void the_limit_of_the_sender_holds_for_what_nobody_carries() throws Exception {
        SpoolId id = bench.submit(Envelope.of(null, List.of(new Address("FAX", "1")))
                .with(Envelope.Options.DEFAULT.withExpires(bench.clock.instant().plus(Duration.ofHours(1)))));
        bench.advance(Duration.ofHours(2));
        assertThat(bench.states(id)).containsExactly(EXPIRED);
    }

    @Test
    void all_that_stands_behind_a_dead_destination_expires_in_time() throws Exception {
        smtp.answer = address -> address.value().startsWith("sender")
                ? new Outcome.Relayed(FakeTransport.OK)
                : Outcome.Deferred.lane(new Reply("4.4.1", "refused"));
        Bench large = new Bench();
        IndexedStore store = new IndexedStore(large.clock);
        large.withStore(store).transport(smtp, "smtp", 0, "SMTP");
        for (int i = 0; i < 1000; i++) {
            large.send("u" + i + "@dead.example");
        }
        large.advance(Duration.ofDays(5));
        assertThat(store.status().messages()).isEqualTo(1000);
        large.advance(Duration.ofHours(5));
        assertThat(store.status().messages()).isZero();
        long attempts = smtp.recipients().stream()
                .filter(r -> r.endsWith("dead.example"))
                .count();
        assertThat(attempts).as("probes of five days, for all together").isBetween(500L, 1600L);
    }

    @Test
    void a_lone_recipient_of_a_dead_destination_is_tried_by_the_policy() throws Exception {
        smtp.answer = address -> address.value().startsWith("sender")
                ? new Outcome.Relayed(FakeTransport.OK)
                : Outcome.Deferred.lane(new Reply("4.4.1", "refused"));
        SpoolId id = bench.send("ann@dead.example");
        bench.advance(Duration.ofDays(6));
        RecipientStatus end = bench.first(id);
        assertThat(end.state()).isEqualTo(EXPIRED);
        assertThat(end.attempts())
                .as("36 of the policy, and nine while the trouble was young")
                .isBetween(40, 50);
    }

    @Test
    void a_jump_of_the_clock_neither_expires_nor_storms() throws Exception {
        for (Duration jump : List.of(
                Duration.ofHours(1),
                Duration.ofHours(-1),
                Duration.ofDays(1),
                Duration.ofDays(-1),
                Duration.ofDays(30))) {
            SpoolId id = bench.send("ann@example.org");
            bench.advance(Duration.ofDays(4));
            int attempts = bench.first(id).attempts();
            bench.clock.advance(jump);
            bench.advance(Duration.ofHours(19));
            assertThat(bench.states(id)).as("after a jump by %s", jump).containsExactly(DEFERRED);
            assertThat(bench.first(id).attempts() - attempts)
                    .as("attempts after a jump by %s", jump)
                    .isBetween(0, 10);
            bench.advance(Duration.ofHours(5 + 5).plus(jump.isNegative() ? jump.negated() : Duration.ZERO));
            assertThat(bench.states(id))
                    .as("in the end, after a jump by %s", jump)
                    .containsExactly(EXPIRED);
        }
    }

    @Test
    void leap_days_and_the_end_of_32_bits_are_days_like_others() throws Exception {
        for (String day : List.of("2028-02-27T00:00:00Z", "2038-01-17T03:14:07Z")) {
            bench.clock.set(Instant.parse(day));
            SpoolId id = bench.send("ann@example.org");
            bench.advance(Duration.ofDays(5).minusMinutes(1));
            assertThat(bench.states(id)).containsExactly(DEFERRED);
            bench.advance(Duration.ofHours(5));
            assertThat(bench.states(id)).containsExactly(EXPIRED);
        }
    }

    @Test
    void a_rest_lasts_as_long_as_it_lasts_whatever_the_clock_says() throws Exception {
        smtp.answer = address -> new Outcome.Deferred(Outcome.Scope.LANE, Duration.ofMinutes(10), GREY);
        bench.send("ann@example.org");
        bench.clock.advance(Duration.ofDays(1));
        bench.send("bob@example.org");
        bench.advance(Duration.ofMinutes(9));
        assertThat(smtp.recipients())
                .as("no storm, and not earlier than asked (R40)")
                .containsExactly("ann@example.org");
        bench.advance(Duration.ofMinutes(2));
        assertThat(smtp.taken).hasSize(2);
    }

    @Test
    void what_a_transport_deferred_until_it_is_ready_is_offered_again_when_it_says_so() throws Exception {
        smtp.answer = address -> new Outcome.Deferred(Outcome.Scope.MESSAGE, Duration.ofHours(20), GREY);
        SpoolId id = bench.send("ann@example.org", "FAX:1");
        SpoolId other = bench.send("bob@example.org");
        bench.advance(Duration.ofHours(10));
        assertThat(smtp.taken).hasSize(2);
        assertThat(smtp.taken.get(0).wasDeferred()).isFalse();
        smtp.inlet.ready("else", id);
        assertThat(smtp.taken).as("not by the transport that deferred it").hasSize(2);

        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        smtp.inlet.ready("smtp", id);
        assertThat(bench.states(id)).containsExactly(RELAYED, WAITING);
        assertThat(smtp.taken.get(2).id()).isEqualTo(id);
        assertThat(smtp.taken.get(2).wasDeferred()).isTrue();
        assertThat(bench.states(other)).containsExactly(DEFERRED);
        smtp.inlet.ready("smtp", id);
        assertThat(smtp.taken).as("nothing is deferred any more").hasSize(3);
        bench.advance(Duration.ofHours(11));
        assertThat(bench.states(other)).as("at its time at the latest").containsExactly(RELAYED);
    }

    @Test
    void an_announcement_waits_while_others_of_the_message_are_in_work() throws Exception {
        FakeTransport fax = new FakeTransport();
        fax.manual = true;
        bench.transport(fax, "fax", 0, "FAX");
        smtp.answer = address -> new Outcome.Deferred(Outcome.Scope.MESSAGE, Duration.ofHours(20), GREY);
        SpoolId id = bench.send("ann@example.org", "FAX:1");
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        smtp.inlet.ready("smtp", id);
        bench.advance(Duration.ofSeconds(5));
        assertThat(smtp.taken).hasSize(1);
        fax.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.states(id)).containsExactly(RELAYED, RELAYED);
    }

    @ParameterizedTest
    @EnumSource(names = {"LANE", "TRANSPORT"})
    void an_announcement_ends_the_rest_of_the_destination_too(Outcome.Scope scope) throws Exception {
        smtp.answer = address -> new Outcome.Deferred(scope, Duration.ofHours(20), GREY);
        SpoolId id = bench.send("ann@example.org");
        bench.advance(Duration.ofMinutes(1));
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        smtp.inlet.ready("smtp", id);
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void many_announcements_of_what_is_in_work_wait_as_one() throws Exception {
        FakeTransport fax = new FakeTransport();
        fax.manual = true;
        bench.transport(fax, "fax", 0, "FAX");
        SpoolId id = bench.send("FAX:1");
        int before = bench.loop.waiting();
        for (int i = 0; i < 1000; i++) {
            smtp.inlet.ready("smtp", id);
        }
        assertThat(bench.loop.waiting()).isEqualTo(before + 1);
    }

    @Test
    void an_announcement_that_waits_when_the_core_ends_does_nothing_any_more() throws Exception {
        FakeTransport fax = new FakeTransport();
        fax.manual = true;
        bench.transport(fax, "fax", 0, "FAX");
        smtp.answer = address -> new Outcome.Deferred(Outcome.Scope.MESSAGE, Duration.ofHours(20), GREY);
        SpoolId id = bench.send("ann@example.org", "FAX:1");
        smtp.inlet.ready("smtp", id);
        CompletableFuture<Void> closed = bench.core.close();
        fax.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        assertThat(closed).isDone();
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.states(id)).containsExactly(DEFERRED, RELAYED);
    }
}
