package io.spooler.core;

import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.RELAYED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Envelope.Priority;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.settings.SettingsException;
import io.spooler.transport.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Times of the day at which deliveries may begin. It is noon in UTC. */
class DeliveryWindowTest {

    private static final Instant OPENING = Instant.parse("2026-03-01T22:00:00Z");

    private final FakeTransport smtp = new FakeTransport();
    private Bench bench;

    private void settings(Map<String, String> properties) throws Exception {
        bench = new Bench(CoreSettings.read(properties)).withStore();
        bench.transport(smtp, "smtp", 0, "SMTP");
    }

    private void night() throws Exception {
        settings(Map.of(
                "delivery_zone",
                "UTC",
                "delivery_window",
                "smtp/example.org=22:00-06:00",
                "lane_rate",
                "60/1m",
                "delay_notice",
                "0s"));
    }

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    @Test
    void outside_its_window_a_message_waits_for_the_opening_and_no_attempt_is_counted() throws Exception {
        night();
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(bench.send("bob@example.net"))).containsExactly(RELAYED);
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        assertThat(bench.first(id).due()).isEqualTo(OPENING);
        assertThat(bench.first(id).attempts()).isZero();
        assertThat(bench.admin.why(id).orElseThrow().get(0).text())
                .contains("next attempt at " + OPENING)
                .contains("its destination is outside its delivery window until " + OPENING)
                .contains("never tried; last reply: 4.3.2 smtp is outside the delivery window");

        bench.advance(Duration.ofHours(10).minusMinutes(5));
        bench.control.flush(null, "tester");
        bench.advance(Duration.ofMinutes(5).minusSeconds(1));
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        assertThat(bench.first(id).due()).as("also for an old one").isEqualTo(OPENING);
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void it_does_not_stand_in_line_behind_others() throws Exception {
        night();
        smtp.manual = true;
        bench.send("a@example.net");
        bench.send("b@example.com");
        assertThat(smtp.taken).as("concurrency 2").hasSize(2);
        assertThat(bench.states(bench.send("ann@example.org"))).containsExactly(DEFERRED);
    }

    @Test
    void the_urgent_wait_too() throws Exception {
        night();
        SpoolId id = bench.submit(Envelope.of(null, List.of(Address.smtp("ann@example.org")))
                .with(Envelope.Options.DEFAULT.withPriority(Priority.URGENT)));
        assertThat(bench.states(id)).containsExactly(DEFERRED);
    }

    @Test
    void what_is_under_way_when_it_closes_ends_and_what_is_in_line_waits() throws Exception {
        night();
        smtp.manual = true;
        bench.advance(Duration.ofHours(18).minusMinutes(1));
        SpoolId first = bench.send("a@example.org");
        SpoolId second = bench.send("b@example.org");
        SpoolId third = bench.send("c@example.org");
        bench.advance(Duration.ofSeconds(10));
        assertThat(smtp.taken).as("concurrency 2").hasSize(2);
        bench.advance(Duration.ofMinutes(1));
        smtp.open.forEach(open -> open.complete(List.of(new Outcome.Relayed(FakeTransport.OK))));
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.states(first)).containsExactly(RELAYED);
        assertThat(bench.states(second)).containsExactly(RELAYED);
        assertThat(bench.states(third)).containsExactly(DEFERRED);
        assertThat(bench.first(third).due()).isEqualTo(OPENING.plus(Duration.ofDays(1)));
        assertThat(smtp.taken).hasSize(2);
    }

    @Test
    void it_holds_beside_suspensions_and_rates_and_during_a_flush() throws Exception {
        night();
        for (int i = 0; i < 10; i++) {
            bench.send("u" + i + "@example.org");
        }
        bench.control.flush(null, "tester");
        bench.advance(Duration.ofMinutes(1));
        assertThat(smtp.taken).as("closed").isEmpty();
        bench.control.suspend(new Target("smtp", "example.org"), "tester");
        bench.advance(Duration.ofHours(11));
        assertThat(smtp.taken).as("open, but suspended").isEmpty();
        bench.control.resume(new Target("smtp", "example.org"), "tester");
        bench.control.flush(null, "tester");
        bench.advance(Duration.ofMillis(4500));
        assertThat(smtp.taken).as("one a second").hasSize(5);
        bench.advance(Duration.ofMinutes(1));
        assertThat(smtp.taken).hasSize(10);
    }

    @Test
    void it_is_a_setting_that_applies_while_it_runs() throws Exception {
        night();
        bench.core.configure(CoreSettings.defaults());
        assertThat(bench.states(bench.send("ann@example.org"))).containsExactly(RELAYED);
        assertThatThrownBy(() -> CoreSettings.read(Map.of("delivery_window", "22-6", "delivery_zone", "Lisbon")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("delivery_window=22-6")
                .hasMessageContaining("delivery_zone=Lisbon");
    }

    @Test
    void without_a_name_it_is_for_all() throws Exception {
        settings(Map.of("delivery_zone", "Asia/Tokyo", "delivery_window", "07:00-15:00"));
        SpoolId id = bench.send("ann@example.net");
        assertThat(bench.first(id).due()).isEqualTo(OPENING);
        assertThat(bench.first(id).reply())
                .isEqualTo(new Reply("4.3.2", "smtp is outside the delivery window of its destination"));
    }
}
