package io.spooler.core;

import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.EXPIRED;
import static io.spooler.RecipientState.FAILED;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolAdmin.Explanation;
import io.spooler.admin.SpoolAdmin.Hop;
import io.spooler.admin.SpoolStatus.TransportRow;
import io.spooler.transport.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transport that is away is expected back, and what it alone carries is held; one that is gone is not (R34, R35). */
class AwayTest {

    private static final String PID = "io.spooler.smtp.client~one";

    private final Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();

    @BeforeEach
    void nobody_waits_long_for_the_unknown() throws Exception {
        bench.settings("max_wait", "1h", "delay_notice", "0s");
    }

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    private String why(SpoolId id) {
        return bench.admin.why(id).orElseThrow().stream().map(Explanation::text).reduce("", (a, b) -> a + b + "\n");
    }

    private Map<String, Object> present(String... carried) {
        return bench.configured(smtp, bench.transport(smtp, "smtp", 0, carried), PID);
    }

    private void leaves(Map<String, Object> properties) {
        bench.registry.remove(properties, List.of(PID));
    }

    @Test
    void what_only_it_carries_is_held_up_to_the_age_of_the_message_and_names_it() throws Exception {
        leaves(present("SMTP:*@example.org"));
        SpoolId held = bench.send("ann@example.org");
        SpoolId unknown = bench.send("bob@example.net");
        assertThat(bench.first(held).reply())
                .isEqualTo(new Reply(
                        "4.3.2", "waits for transport smtp, which is away: it has left, and its configuration exists"));
        assertThat(bench.first(unknown).reply().status()).isEqualTo("4.4.4");
        assertThat(why(held))
                .contains("WAITING: waits for transport smtp, which is away: it has left, and its configuration exists")
                .contains("as soon as smtp is back");
        assertThat(why(unknown)).contains("no transport that is present carries SMTP:bob@example.net");

        bench.advance(Duration.ofHours(2));
        assertThat(bench.states(held)).containsExactly(WAITING);
        assertThat(bench.states(unknown)).containsExactly(EXPIRED);
        bench.advance(Duration.ofDays(5));
        assertThat(bench.states(held)).containsExactly(EXPIRED);
        assertThat(bench.first(held).reply().toString())
                .startsWith("5.4.7 delivery time expired; last reply: 4.3.2 waits for transport smtp");
    }

    @Test
    void it_ends_at_the_senders_own_limit() throws Exception {
        leaves(present("SMTP"));
        SpoolId id = bench.submit(Envelope.of(null, List.of(Address.smtp("ann@example.org")))
                .with(Envelope.Options.DEFAULT.withExpires(bench.clock.instant().plusSeconds(600))));
        bench.advance(Duration.ofMinutes(9));
        assertThat(bench.states(id)).containsExactly(WAITING);
        bench.advance(Duration.ofMinutes(2));
        assertThat(bench.states(id)).containsExactly(EXPIRED);
    }

    @Test
    void what_was_in_line_and_what_was_deferred_is_held_and_goes_when_it_is_back() throws Exception {
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        Map<String, Object> properties = present("SMTP");
        SpoolId deferred = bench.send("ann@example.org");
        assertThat(bench.states(deferred)).containsExactly(DEFERRED);
        smtp.manual = true;
        List<SpoolId> inLine = List.of(bench.send("a@example.net"), bench.send("b@example.net"), bench.send("c@x.net"));
        leaves(properties);
        smtp.open.subList(1, smtp.open.size()).forEach(open -> open.complete(List.of(new Outcome.NotMine())));
        bench.advance(Duration.ofDays(1));
        assertThat(bench.states(deferred)).containsExactly(WAITING);
        for (SpoolId id : inLine) {
            assertThat(bench.states(id)).containsExactly(WAITING);
        }
        smtp.manual = false;
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        present("SMTP");
        assertThat(bench.states(deferred)).containsExactly(RELAYED);
        for (SpoolId id : inLine) {
            assertThat(bench.states(id)).containsExactly(RELAYED);
        }
    }

    @Test
    void a_removed_configuration_releases_its_types_and_what_was_held_is_routed_anew() throws Exception {
        leaves(present("SMTP"));
        SpoolId id = bench.send("ann@example.org");
        bench.advance(Duration.ofHours(2));
        assertThat(bench.first(id).reply().status()).isEqualTo("4.3.2");
        bench.registry.released("io.spooler.other");
        assertThat(bench.first(id).reply().status()).as("another configuration").isEqualTo("4.3.2");

        bench.registry.released(PID);
        assertThat(bench.first(id).reply().status()).isEqualTo("4.4.4");
        assertThat(bench.told)
                .last()
                .isInstanceOfSatisfying(
                        SpoolEvent.Changed.class,
                        changed ->
                                assertThat(changed.recipient().reply().status()).isEqualTo("4.4.4"));
        bench.advance(Duration.ofMinutes(59));
        assertThat(bench.states(id)).as("has its time from now on").containsExactly(WAITING);
        bench.advance(Duration.ofMinutes(2));
        assertThat(bench.states(id)).containsExactly(EXPIRED);
        assertThat(bench.admin.status().transports()).isEmpty();
    }

    @Test
    void without_a_configuration_it_is_gone_at_once() throws Exception {
        bench.registry.remove(present("SMTP"), List.of());
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.first(id).reply().status()).isEqualTo("4.4.4");
    }

    @Test
    void what_another_carries_is_not_held() throws Exception {
        FakeTransport spare = new FakeTransport();
        bench.transport(spare, "spare", -10, "SMTP");
        leaves(present("SMTP"));
        assertThat(bench.states(bench.send("ann@example.org"))).containsExactly(RELAYED);

        spare.answer = address -> new Outcome.NotMine();
        SpoolId declined = bench.send("bob@example.org");
        assertThat(bench.states(declined))
                .as("declined by those that are present")
                .containsExactly(WAITING);
        present("SMTP");
        assertThat(bench.states(declined)).containsExactly(RELAYED);
    }

    @Test
    void what_is_too_large_for_those_that_are_present_is_held_for_one_that_is_not() throws Exception {
        bench.transport(new FakeTransport(), "small", 0, 5, "SMTP");
        leaves(present("SMTP"));
        assertThat(bench.states(bench.send("ann@example.org"))).containsExactly(WAITING);

        leaves(bench.configured(smtp, bench.transport(smtp, "smtp", 0, 6, "SMTP"), PID));
        assertThat(bench.states(bench.send("ann@example.org")))
                .as("that one does not carry it either")
                .containsExactly(FAILED);
    }

    @Test
    void an_explicit_transport_is_waited_for_and_no_other() throws Exception {
        leaves(present("SMTP"));
        Recipient ann = Recipient.of(Address.smtp("ann@example.org"));
        SpoolId other = bench.submit(new Envelope(
                null,
                List.of(
                        ann.withTransport("smtp"),
                        ann.withAddress(Address.smtp("bob@example.org")).withTransport("x")),
                Envelope.Options.DEFAULT));
        assertThat(bench.status(other).recipients())
                .extracting(r -> r.reply().status())
                .containsExactly("4.3.2", "4.4.4");
        assertThat(bench.admin.route(ann.withTransport("x"), 0))
                .extracting(Hop::transport)
                .containsExactly("x");
    }

    @Test
    void route_and_status_show_it() throws Exception {
        leaves(present("SMTP"));
        assertThat(bench.admin.route(Recipient.of(Address.smtp("ann@example.org")), 0))
                .extracting(Hop::transport, Hop::asked, Hop::why)
                .containsExactly(tuple("smtp", false, "away: it has left, and its configuration exists"));
        assertThat(bench.admin.route(Recipient.of(new Address("FAX", "1")), 0)).isEmpty();
        assertThat(bench.admin.status().transports())
                .extracting(
                        TransportRow::name,
                        TransportRow::patterns,
                        row -> row.status().text())
                .containsExactly(tuple("smtp", List.of("SMTP:*"), "away: it has left, and its configuration exists"));
        assertThat(bench.client.addressTypes()).as("of those that are present").isEmpty();
    }

    @Test
    void one_that_is_back_under_another_name_is_not_away() throws Exception {
        leaves(present("SMTP"));
        bench.configured(smtp, bench.transport(smtp, "renamed", 0, "SMTP"), PID);
        assertThat(bench.admin.status().transports())
                .extracting(TransportRow::name)
                .containsExactly("renamed");
    }

    @Test
    void one_that_the_settings_name_is_away_without_a_configuration() throws Exception {
        bench.settings("max_wait", "1h", "transports", "smtp");
        Map<String, Object> properties = bench.transport(smtp, "smtp", 0, "SMTP:*@example.org");
        bench.registry.remove(properties);
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.first(id).reply().text()).endsWith("away: it has left, and the settings name it");
        assertThat(bench.first(bench.send("FAX:1")).reply().status()).isEqualTo("4.4.4");

        bench.settings("max_wait", "1h");
        assertThat(bench.first(id).reply().status()).isEqualTo("4.4.4");
    }

    @Test
    void one_that_was_not_seen_since_the_start_may_carry_anything() throws Exception {
        bench.settings("max_wait", "1h", "transports", "smtp");
        SpoolId id = bench.send("FAX:1");
        assertThat(bench.first(id).reply().text())
                .isEqualTo("waits for transport smtp, which is away: "
                        + "named in the settings, not seen since the start; may carry anything");
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.advance(Duration.ofHours(2));
        assertThat(bench.states(id)).as("now it is known").containsExactly(EXPIRED);
    }
}
