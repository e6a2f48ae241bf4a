package io.spooler.core;

import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.MessageStatus;
import io.spooler.Recipient;
import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.admin.Filter;
import io.spooler.admin.Order;
import io.spooler.admin.Order.Action;
import io.spooler.admin.SpoolAdmin.Explanation;
import io.spooler.admin.SpoolAdmin.Hop;
import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.hook.RetryPolicy;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an administrator asks. What he orders: {@link OrdersTest}. */
class AdministrationTest {

    private final Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();

    private List<SpoolId> found(String filter) {
        return bench.admin.query(Filter.parse(filter), null, 100).stream()
                .map(MessageStatus::id)
                .toList();
    }

    private String why(SpoolId id) {
        return bench.admin.why(id).orElseThrow().stream().map(Explanation::text).reduce("", (a, b) -> a + b + "\n");
    }

    @Test
    void a_trace_is_that_of_the_transport_by_name() {
        bench.transport(smtp, "smtp", 0, "SMTP");
        List<String> seen = new ArrayList<>();
        Runnable end = bench.admin
                .trace(new Target("smtp", "example.org"), entry -> seen.add(entry.lane() + " " + entry.text()))
                .orElseThrow();
        end.run();
        assertThat(seen).containsExactly("example.org > HELLO", " end");
        assertThat(bench.admin.trace(new Target("other", null), entry -> {})).isEmpty();
    }

    @Test
    void flush_makes_deferred_messages_due_and_is_told() throws Exception {
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        bench.control.flush(null, "tester");
        assertThat(bench.states(id)).containsExactly(RELAYED);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.told)
                .anySatisfy(event -> assertThat(event).isInstanceOfSatisfying(SpoolEvent.Administered.class, told -> {
                    assertThat(told.by()).isEqualTo("tester");
                    assertThat(told.order()).isEqualTo("FLUSH");
                    assertThat(told.recipients()).isEqualTo(1);
                }));
    }

    @Test
    void flush_ends_the_rest_of_a_dead_destination() throws Exception {
        smtp.answer = address -> Outcome.Deferred.lane(new Reply("4.4.1", "refused"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        bench.control.flush(null, "tester");
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void query_understands_the_filter_language() throws Exception {
        SpoolId a = bench.send("ann@example.org", "LOCAL:ann");
        bench.advance(Duration.ofHours(2));
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        bench.transport(smtp, "smtp", 0, "SMTP:*@example.net");
        SpoolId b = bench.send("bob@example.net");
        SpoolId c = bench.submit(Envelope.of(null, List.of(new Address("FAX", "1"))));
        assertThat(found("all")).containsExactly(a, b, c);
        assertThat(found("state:deferred")).containsExactly(b);
        assertThat(found("-state:deferred")).containsExactly(a, c);
        assertThat(found("from:<>")).containsExactly(c);
        assertThat(found("from:sender@*")).containsExactly(a, b);
        assertThat(found("to:LOCAL:*,FAX:*")).containsExactly(a, c);
        assertThat(found("to:ann*")).containsExactly(a);
        assertThat(found("domain:example.*")).containsExactly(a, b);
        assertThat(found("-domain:*.org,*.net")).as("of a, ann in LOCAL").containsExactly(a, c);
        assertThat(found("type:local")).containsExactly(a);
        assertThat(found("type:*A*")).containsExactly(a, c);
        assertThat(found("age>1h")).containsExactly(a);
        assertThat(found("age<1h")).containsExactly(b, c);
        assertThat(found("size>20 size<1k")).containsExactly(a, b, c);
        assertThat(found("size>1k")).isEmpty();
        assertThat(found("attempts>0 transport:sm*")).containsExactly(b);
        assertThat(found("-transport:*")).containsExactly(a, c);
        assertThat(found("id:" + a + "," + c + " type:SMTP,FAX -from:<>")).containsExactly(a);
        assertThat(found("state:DEFERRED state:WAITING")).isEmpty();
    }

    @Test
    void query_shows_what_is_in_work_as_offered() throws Exception {
        smtp.manual = true;
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(found("state:OFFERED")).containsExactly(id);
        assertThat(found("-state:OFFERED")).isEmpty();
        assertThat(found("state:READY")).isEmpty();
        assertThat(found("id:" + id + " state:OFFERED")).containsExactly(id);
    }

    @Test
    void query_finds_only_what_is_queued() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(found("id:" + id)).isEmpty();
    }

    @Test
    void query_pages_in_order_of_submission() throws Exception {
        SpoolId first = bench.send("a@example.org");
        for (int i = 0; i < 1200; i++) {
            bench.send("b@example.org");
        }
        assertThat(bench.admin.query(Filter.ALL, null, 1))
                .singleElement()
                .satisfies(m -> assertThat(m.id()).isEqualTo(first));
        assertThat(bench.admin.query(Filter.ALL, first, 5000)).hasSize(1200);
    }

    @Test
    void route_is_explicit_then_pattern_then_type_then_any() throws Exception {
        bench.transport(new FakeTransport(), "any", 100, "*");
        bench.transport(new FakeTransport(), "type-low", 1, "SMTP");
        bench.transport(new FakeTransport(), "type-high", 2, "SMTP");
        bench.transport(new FakeTransport(), "pattern", -5, "SMTP:*@example.org");
        Recipient ann = Recipient.of(Address.smtp("ann@EXAMPLE.org"));
        assertThat(bench.admin.route(ann, 0))
                .extracting(Hop::transport)
                .containsExactly("pattern", "type-high", "type-low", "any");
        assertThat(bench.admin.route(Recipient.of(new Address("FAX", "1")), 0))
                .filteredOn(Hop::asked)
                .extracting(Hop::why)
                .containsExactly("any type");

        Recipient pinned = ann.withTransport("gone");
        SpoolId id = bench.submit(new Envelope(null, List.of(pinned), Envelope.Options.DEFAULT));
        assertThat(bench.states(id)).containsExactly(WAITING);
        assertThat(why(id)).contains("waits for the transport gone, which is not present");
        bench.transport(smtp, "gone", -100, "SMTP:*@example.org");
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void route_says_who_is_not_asked_and_why() {
        bench.transport(new FakeTransport(), "small", 0, 1000, "SMTP");
        bench.transport(new FakeTransport(), "local", 0, "LOCAL", "SMTP:*@here.example");
        bench.transport(new FakeTransport(), "in", 0);
        Recipient ann = Recipient.of(Address.smtp("ann@example.org"));
        assertThat(bench.admin.route(ann, 1000)).extracting(Hop::asked).containsExactly(true, false, false);
        assertThat(bench.admin.route(ann, 1001))
                .extracting(Hop::transport, Hop::why)
                .containsExactly(
                        tuple("small", "carries at most 1000 octets, the message has 1001"),
                        tuple("local", "carries only SMTP:*@here.example, LOCAL:*"),
                        tuple("in", "takes no recipients, it only brings messages in"));
        assertThat(bench.admin.route(ann.withTransport("other"), 0))
                .extracting(Hop::asked, Hop::transport, Hop::why)
                .contains(
                        tuple(false, "other", "absent: no transport of this name is present"),
                        tuple(false, "small", "the recipient may only go by other"));
    }

    @Test
    void route_and_why_show_the_rest_of_a_destination() throws Exception {
        smtp.answer = address -> Outcome.Deferred.lane(new Reply("4.4.1", "refused"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        Recipient ann = Recipient.of(Address.smtp("bob@example.org"));
        assertThat(bench.admin.route(ann, 0)).singleElement().satisfies(hop -> {
            assertThat(hop.lane()).isEqualTo("example.org");
            assertThat(hop.note()).startsWith("rests until ");
        });
        assertThat(why(id))
                .contains("DEFERRED: next attempt at ", "smtp (type SMTP, its destination rests until ")
                .contains(
                        "; gives up at ", ", after 2 attempts at least; tried 1 time, last by smtp; last reply: 4.4.1");
        bench.control.flush(null, "tester");
        assertThat(bench.admin.route(Recipient.of(Address.smtp("bob@example.net")), 0))
                .extracting(Hop::note)
                .containsExactly("");
    }

    @Test
    void what_is_suspended_is_shown_and_told_and_goes_on_after_resume() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        Target org = new Target("smtp", "example.org");
        assertThat(bench.control.suspend(org, "tester")).isTrue();
        assertThat(bench.control.suspend(org, "tester")).as("again").isFalse();
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(bench.send("bob@example.net"))).containsExactly(RELAYED);
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        assertThat(bench.admin.status().suspended()).containsExactly(org);
        assertThat(why(id))
                .contains("smtp (type SMTP, its destination is suspended by an administrator)")
                .contains("never tried; last reply: 4.3.2 smtp is suspended for its destination");
        assertThat(bench.admin.route(Recipient.of(Address.smtp("ann@example.org")), 0))
                .extracting(Hop::note)
                .containsExactly("is suspended by an administrator");

        assertThat(bench.control.resume(org, "tester")).isTrue();
        assertThat(bench.control.resume(org, "tester")).as("again").isFalse();
        bench.control.flush(null, "tester");
        assertThat(bench.states(id)).containsExactly(RELAYED);
        bench.advance(Duration.ofSeconds(1));
        assertThat(bench.admin.status().suspended()).isEmpty();
        assertThat(bench.told)
                .filteredOn(SpoolEvent.Administered.class::isInstance)
                .extracting(event -> ((SpoolEvent.Administered) event).order())
                .containsExactly(
                        "SUSPEND smtp/example.org",
                        "SUSPEND smtp/example.org",
                        "RESUME smtp/example.org",
                        "RESUME smtp/example.org",
                        "FLUSH");
    }

    @Test
    void a_suspended_transport_stays_so_when_it_leaves_and_returns() throws Exception {
        var properties = bench.transport(smtp, "smtp", 0, "SMTP");
        bench.control.suspend(new Target("smtp", null), "tester");
        bench.registry.remove(properties);
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        assertThat(smtp.taken).isEmpty();
        bench.control.suspend(new Target("smtp", "example.org"), "tester");
        bench.control.resume(new Target("smtp", null), "tester");
        bench.control.flush(null, "tester");
        assertThat(bench.states(id)).as("its lane is still suspended").containsExactly(DEFERRED);
    }

    @Test
    void suspensions_are_bounded() {
        for (int i = 0; i < 1000; i++) {
            bench.control.suspend(new Target("smtp", "d" + i + ".example"), "tester");
        }
        assertThat(bench.control.suspend(new Target("smtp", "d1.example"), "tester"))
                .isFalse();
        assertThatThrownBy(() -> bench.control.suspend(new Target("smtp", "more.example"), "tester"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1000 transports and lanes are suspended");
        assertThatThrownBy(() -> new Target("smtp", "a\nb")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void why_says_that_a_policy_of_a_bundle_decides() throws Exception {
        bench.policy(attempt -> new RetryPolicy.At(attempt.now().plusSeconds(60)), "minutely", 0);
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        assertThat(why(bench.send("ann@example.org"))).contains("; given up when the retry policy minutely says so");
    }

    @Test
    void why_names_a_transport_that_has_left_and_a_message_that_is_too_large() throws Exception {
        smtp.answer = address -> Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        var properties = bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        bench.registry.remove(properties);
        assertThat(why(id))
                .contains("; no transport for it is present now; gives up at ")
                .contains("last by smtp, which is not present now");
        bench.transport(new FakeTransport(), "small", 0, 5, "SMTP");
        assertThat(why(id)).contains("small (type SMTP, but the message is too large for it)");
        assertThat(bench.admin.why(new SpoolId(1, 1))).isEmpty();
    }

    @Test
    void why_names_who_has_declined_in_this_round() throws Exception {
        FakeTransport first = new FakeTransport();
        first.answer = address -> new Outcome.NotMine();
        FakeTransport second = new FakeTransport();
        second.manual = true;
        bench.transport(first, "first", 1, "SMTP");
        bench.transport(second, "second", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org", "LOCAL:bob");
        assertThat(why(id).lines().toList().get(0))
                .contains("OFFERED: a transport is working on it", "; declined in this round by first;");
        assertThat(why(id).lines().toList().get(1)).doesNotContain("declined");
        second.open.get(0).complete(List.of(Outcome.Deferred.recipient(new Reply("4.2.1", "later"))));
        assertThat(why(id)).as("the next round asks all again").doesNotContain("declined");
    }

    @Test
    void why_names_the_senders_own_limit() throws Exception {
        SpoolId id = bench.submit(Envelope.of(null, List.of(Address.smtp("ann@example.org")))
                .with(Envelope.Options.DEFAULT
                        .withExpires(bench.clock.instant().plusSeconds(7200))
                        .withNotBefore(bench.clock.instant().plusSeconds(3600))));
        assertThat(why(id))
                .contains("READY: not before ")
                .contains("; gives up at ")
                .doesNotContain("at least");
        bench.admin.change(Order.of(Action.HOLD, Filter.ALL, "tester"));
        assertThat(why(id)).contains("HELD: held since ");
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
            assertThat(row.status()).isEqualTo(smtp.status);
        });
        smtp.status = new TransportStatus(TransportStatus.Condition.FAILED, "no such interface");
        assertThat(bench.admin.status().transports())
                .singleElement()
                .satisfies(row -> assertThat(row.status()).isEqualTo(smtp.status));
    }
}
