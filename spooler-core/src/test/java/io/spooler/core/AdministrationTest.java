package io.spooler.core;

import static io.spooler.RecipientState.CANCELLED;
import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.HELD;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.AddressPattern;
import io.spooler.Recipient;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolAdmin.Hop;
import io.spooler.store.QueueFilter;
import io.spooler.transport.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What an administrator does. */
class AdministrationTest {

    private final Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();

    @Test
    void hold_and_release() throws Exception {
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.admin.hold(QueueFilter.ALL, id)).isEqualTo(1);
        bench.transport(smtp, "smtp", 0, "SMTP");
        assertThat(bench.states(id)).containsExactly(HELD);
        assertThat(bench.admin.release(QueueFilter.ALL, null)).isEqualTo(1);
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(bench.admin.release(QueueFilter.ALL, id)).isZero();
    }

    @Test
    void hold_of_some_recipients_leaves_the_others() throws Exception {
        SpoolId id = bench.send("ann@example.org", "bob@example.net");
        QueueFilter net = new QueueFilter(Set.of(), List.of(AddressPattern.parse("SMTP:*@example.net")));
        assertThat(bench.admin.hold(net, null)).isEqualTo(1);
        assertThat(bench.states(id)).containsExactly(WAITING, HELD);
        bench.transport(smtp, "smtp", 0, "SMTP");
        assertThat(bench.states(id)).containsExactly(RELAYED, HELD);
        assertThat(bench.admin.release(QueueFilter.ALL, id)).isEqualTo(1);
        assertThat(bench.states(id)).containsExactly(RELAYED, RELAYED);
        assertThat(bench.status(id).complete()).isTrue();
    }

    @Test
    void retry_and_flush_make_deferred_messages_due() throws Exception {
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId a = bench.send("ann@example.org");
        SpoolId b = bench.send("bob@example.org");
        assertThat(bench.states(a)).containsExactly(DEFERRED);
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        assertThat(bench.admin.retry(QueueFilter.ALL, a)).isEqualTo(1);
        assertThat(bench.states(a)).containsExactly(RELAYED);
        assertThat(bench.states(b)).containsExactly(DEFERRED);
        bench.admin.flush();
        assertThat(bench.states(b)).containsExactly(RELAYED);
    }

    @Test
    void flush_ends_the_rest_of_a_dead_destination() throws Exception {
        smtp.answer = address -> Outcome.Deferred.lane(new Reply("4.4.1", "refused"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        bench.admin.flush();
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void cancel_by_filter() throws Exception {
        SpoolId a = bench.send("ann@example.org");
        SpoolId b = bench.send("bob@example.net");
        QueueFilter org = new QueueFilter(Set.of(WAITING), List.of(AddressPattern.parse("SMTP:*@example.org")));
        assertThat(bench.admin.query(org, null, 10)).hasSize(1);
        assertThat(bench.admin.cancel(org, null)).isEqualTo(1);
        assertThat(bench.states(a)).containsExactly(CANCELLED);
        assertThat(bench.states(b)).containsExactly(WAITING);
    }

    @Test
    void query_pages_in_order_of_submission() throws Exception {
        SpoolId first = bench.send("a@example.org");
        for (int i = 0; i < 1200; i++) {
            bench.send("b@example.org");
        }
        assertThat(bench.admin.query(QueueFilter.ALL, null, 1))
                .singleElement()
                .satisfies(m -> assertThat(m.id()).isEqualTo(first));
        assertThat(bench.admin.query(QueueFilter.ALL, first, 5000)).hasSize(1200);
    }

    @Test
    void route_is_explicit_then_pattern_then_type_then_any() throws Exception {
        bench.transport(new FakeTransport(), "any", 100, "*");
        bench.transport(new FakeTransport(), "type-low", 1, "SMTP");
        bench.transport(new FakeTransport(), "type-high", 2, "SMTP");
        bench.transport(new FakeTransport(), "pattern", -5, "SMTP:*@example.org");
        assertThat(bench.admin.route(Address.smtp("ann@EXAMPLE.org")))
                .extracting(Hop::transport)
                .containsExactly("pattern", "type-high", "type-low", "any");
        assertThat(bench.admin.route(new Address("FAX", "1")))
                .extracting(Hop::rule)
                .containsExactly("any type");

        Recipient pinned = new Recipient(Address.smtp("ann@example.org"), Set.of(), null, "gone");
        SpoolId id = bench.submit(new io.spooler.Envelope(null, List.of(pinned), io.spooler.Envelope.Options.DEFAULT));
        assertThat(bench.states(id)).containsExactly(WAITING);
        bench.transport(smtp, "gone", -100, "SMTP:*@example.org");
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void status_shows_what_is_present() throws Exception {
        bench.transport(smtp, "smtp", 3, "SMTP");
        assertThat(bench.admin.status().stores())
                .singleElement()
                .satisfies(row -> assertThat(row.name()).isEqualTo("memory"));
        assertThat(bench.admin.status().transports()).singleElement().satisfies(row -> {
            assertThat(row.types()).containsExactly("SMTP");
            assertThat(row.ranking()).isEqualTo(3);
        });
    }

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

        CompletableFuture<Integer> held =
                slow.desk.change(id, r -> r.recipient().address().domain().equals("example.net"), HELD);
        assertThat(held).as("not recorded yet").isNotDone();
        smtp.open.get(0).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        late.get(1).run();
        assertThat(smtp.recipients())
                .as("ann goes out while the hold is being recorded")
                .contains("ann@example.org");
        late.get(0).run();
        assertThat(held).isCompletedWithValue(1);

        assertThat(slow.store.claim(id, slow.clock.instant(), Duration.ofMinutes(1)))
                .as("still claimed: the transport works on it")
                .isEmpty();
        smtp.open.get(2).complete(List.of(new Outcome.Relayed(FakeTransport.OK)));
        assertThat(slow.states(id)).containsExactly(RELAYED, HELD);
        assertThat(smtp.recipients()).as("once").containsOnlyOnce("ann@example.org");
    }
}
