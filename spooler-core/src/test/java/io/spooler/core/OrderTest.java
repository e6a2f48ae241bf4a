package io.spooler.core;

import static io.spooler.RecipientState.READY;
import static io.spooler.RecipientState.RELAYED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Address;
import io.spooler.Recipient;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolAdmin.Explanation;
import io.spooler.admin.SpoolAdmin.Hop;
import io.spooler.settings.SettingsException;
import io.spooler.transport.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order of transports, and the wait for those that the settings name (R10, R30). */
class OrderTest {

    private static final Recipient ANN = Recipient.of(Address.smtp("ann@example.org"));

    private final FakeTransport smtp = new FakeTransport();
    private final FakeTransport other = new FakeTransport();
    private Bench bench = new Bench().withStore();

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    private List<String> route() {
        return bench.admin.route(ANN, 0).stream().map(Hop::transport).toList();
    }

    private static Bench waiting(String... keysAndValues) throws Exception {
        return new Bench(CoreSettings.read(Bench.map(keysAndValues))).withStore();
    }

    @Test
    void the_configured_order_goes_before_ranking_and_ranking_before_age() throws Exception {
        List<Map<String, Object>> properties = new ArrayList<>();
        properties.add(bench.transport(new FakeTransport(), "old", 0, "SMTP"));
        properties.add(bench.transport(new FakeTransport(), "young", 0, "SMTP"));
        bench.transport(new FakeTransport(), "high", 5, "SMTP");
        bench.transport(new FakeTransport(), "low", -5, "SMTP");
        assertThat(route()).containsExactly("high", "old", "young", "low");

        bench.settings("transports", "low, young");
        assertThat(route()).containsExactly("low", "young", "high", "old");
        bench.settings("transports", "young");
        assertThat(route()).containsExactly("young", "high", "old", "low");
        bench.settings();
        assertThat(route()).containsExactly("high", "old", "young", "low");

        // A map of numbers would give 16 before 15.
        long id = 16;
        for (Map<String, Object> former : properties) {
            bench.registry.remove(former);
            Map<String, Object> later = new HashMap<>(former);
            later.put("service.id", id--);
            bench.registry.putTransport(new FakeTransport(), later);
        }
        assertThat(route()).as("the lower service id").containsExactly("high", "young", "old", "low");
    }

    @Test
    void patterns_still_go_before_types() throws Exception {
        bench.transport(new FakeTransport(), "type", 0, "SMTP");
        bench.transport(new FakeTransport(), "pattern", 0, "SMTP:*@example.org");
        bench.settings("transports", "type, pattern");
        assertThat(route()).containsExactly("pattern", "type");
    }

    @Test
    void a_new_order_holds_for_what_is_in_line() throws Exception {
        smtp.manual = true;
        bench.transport(1, smtp, "smtp", 5, "SMTP");
        bench.transport(other, "other", 0, "SMTP");
        bench.send("a@example.org");
        SpoolId inLine = bench.send("b@example.org");
        assertThat(other.taken).isEmpty();
        bench.settings("transports", "other");
        assertThat(bench.states(inLine)).containsExactly(RELAYED);
        assertThat(other.recipients()).containsExactly("b@example.org");
        smtp.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
    }

    @Test
    void an_order_that_names_one_twice_is_refused_whole() {
        assertThatThrownBy(() -> CoreSettings.read(Map.of("transports", "a, b, a")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("transports=a is not allowed; allowed is names of transports, each once");
        assertThatThrownBy(() -> CoreSettings.read(Map.of("transports", new String[] {"a", "b\u0007"})))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("transports=b");
    }

    @Test
    void nothing_is_routed_before_each_transport_that_is_named_is_present() throws Exception {
        bench = waiting("transports", "smtp, fax", "start_wait", "30s");
        bench.transport(other, "other", 100, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(READY);
        assertThat(bench.admin.why(id).orElseThrow())
                .extracting(Explanation::text)
                .singleElement()
                .asString()
                .startsWith("READY: due; waits for transport smtp, fax to appear, until "
                        + bench.clock.instant().plusSeconds(30));
        assertThat(bench.admin.status().transports())
                .filteredOn(row -> row.name().equals("fax"))
                .singleElement()
                .satisfies(row -> assertThat(row.status().text())
                        .contains("away: named in the settings", "; routing waits for it until "));

        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.advance(Duration.ofSeconds(20));
        assertThat(bench.states(id)).containsExactly(READY);
        bench.transport(new FakeTransport(), "fax", 0, "FAX");
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(smtp.recipients()).containsExactly("ann@example.org");
        assertThat(other.taken).isEmpty();
    }

    @Test
    void one_that_does_not_appear_in_time_is_declared_absent() throws Exception {
        bench = waiting("transports", "smtp", "start_wait", "30s");
        bench.transport(other, "other", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        bench.advance(Duration.ofSeconds(29));
        assertThat(bench.states(id)).containsExactly(READY);
        bench.advance(Duration.ofSeconds(2));
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(other.taken).hasSize(1);
        assertThat(bench.admin.status().transports())
                .filteredOn(row -> row.name().equals("smtp"))
                .singleElement()
                .satisfies(row -> assertThat(row.status().text()).doesNotContain("until"));
    }

    @Test
    void one_that_leaves_later_holds_nobody_else_up() throws Exception {
        bench = waiting("transports", "smtp");
        Map<String, Object> properties = bench.transport(smtp, "smtp", 0, "SMTP");
        bench.transport(other, "other", 0, "SMTP");
        bench.registry.remove(properties);
        assertThat(bench.states(bench.send("ann@example.org"))).containsExactly(RELAYED);
    }

    @Test
    void an_order_without_the_missing_one_ends_the_wait() throws Exception {
        bench = waiting("transports", "smtp, typo");
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(READY);
        bench.settings("transports", "smtp");
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }
}
