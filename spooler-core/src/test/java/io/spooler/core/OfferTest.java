package io.spooler.core;

import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.FAILED;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.hook.Decision;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is offered to which transport, in which order, and to whom it goes next. */
class OfferTest {

    private final Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();
    private final FakeTransport fax = new FakeTransport();

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    @Test
    void preprocessors_and_a_destination_see_messages_in_order_of_submission() throws Exception {
        List<SpoolId> prepared = new ArrayList<>();
        bench.hook(
                message -> {
                    prepared.add(message.id());
                    return Decision.CONTINUE;
                },
                "recording",
                0);
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(bench.send("u" + i + "@example.org"));
            bench.advance(Duration.ofSeconds(1));
        }
        bench.transport(smtp, "smtp", 0, "SMTP");
        assertThat(prepared).isEqualTo(ids);
        assertThat(smtp.recipients())
                .isEqualTo(IntStream.range(0, 20)
                        .mapToObj(i -> "u" + i + "@example.org")
                        .toList());
    }

    @Test
    void what_waits_for_one_transport_does_not_hold_up_what_needs_another() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId waiting = bench.send("FAX:1");
        SpoolId both = bench.send("FAX:2", "ann@example.org");
        SpoolId later = bench.send("bob@example.org");
        assertThat(bench.states(waiting)).containsExactly(WAITING);
        assertThat(bench.states(both)).containsExactly(WAITING, RELAYED);
        assertThat(bench.states(later)).containsExactly(RELAYED);
    }

    @Test
    void a_transport_is_offered_exactly_what_it_carries() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.transport(fax, "fax", 0, "FAX");
        bench.send("ann@example.org", "FAX:1", "bob@example.org");
        assertThat(smtp.recipients()).containsExactly("ann@example.org", "bob@example.org");
        assertThat(fax.recipients()).containsExactly("1");
        for (FakeTransport one : List.of(smtp, fax)) {
            assertThat(one.taken.get(0).everybody())
                    .extracting(recipient -> recipient.address().toString())
                    .as("all can be seen")
                    .containsExactly("SMTP:ann@example.org", "FAX:1", "SMTP:bob@example.org");
        }
    }

    @Test
    void after_partial_success_only_the_others_are_offered_again() throws Exception {
        smtp.answer = address -> address.localPart().equals("ann")
                ? new Outcome.Relayed(FakeTransport.OK)
                : Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org", "bob@example.org");
        assertThat(bench.states(id)).containsExactly(RELAYED, DEFERRED);
        smtp.answer = address -> new Outcome.Relayed(FakeTransport.OK);
        bench.advance(Duration.ofMinutes(10));
        assertThat(bench.states(id)).containsExactly(RELAYED, RELAYED);
        assertThat(smtp.recipients()).containsExactly("ann@example.org", "bob@example.org", "bob@example.org");
    }

    @Test
    void what_all_decline_is_told_in_one_report() throws Exception {
        FakeTransport post = new FakeTransport();
        bench.transport(post, "post", 0, "SMTP:sender@example.com");
        smtp.answer = address -> new Outcome.NotMine();
        bench.transport(smtp, "first", 2, "SMTP:*@example.org");
        bench.transport(smtp, "second", 1, "SMTP:*@example.org");
        SpoolId id = bench.send("ann@example.org", "bob@example.org");
        assertThat(bench.states(id)).containsExactly(FAILED, FAILED);
        assertThat(smtp.taken).as("each transport is asked once").hasSize(2);
        assertThat(post.contents)
                .singleElement()
                .satisfies(report -> assertThat(report)
                        .contains(
                                "Final-Recipient: rfc822; ann@example.org", "Final-Recipient: rfc822; bob@example.org")
                        .contains("every transport on its route declined the recipient"));
    }

    @Test
    void the_types_of_a_transport_are_read_again_when_they_change() throws Exception {
        Map<String, Object> properties = bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("FAX:1");
        assertThat(bench.client.addressTypes()).containsExactly("SMTP");
        assertThat(bench.states(id)).containsExactly(WAITING);

        Map<String, Object> changed = new HashMap<>(properties);
        changed.put(TransportProvider.TYPES, new String[] {"fax"});
        bench.registry.putTransport(smtp, changed);
        assertThat(bench.client.addressTypes()).containsExactly("FAX");
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(bench.states(bench.send("ann@example.org"))).containsExactly(WAITING);
        assertThat(smtp.recipients()).containsExactly("1");

        bench.registry.remove(changed);
        assertThat(bench.client.addressTypes()).isEmpty();
    }

    @Test
    void what_a_transport_leaves_behind_goes_by_another_that_carries_it() throws Exception {
        smtp.manual = true;
        Map<String, Object> properties = bench.transport(smtp, "smtp", 10, "SMTP");
        FakeTransport spare = new FakeTransport();
        bench.transport(spare, "spare", 0, "SMTP");
        List<SpoolId> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.add(bench.send("u" + i + "@example.org"));
        }
        assertThat(spare.taken).isEmpty();
        bench.registry.remove(properties);
        smtp.open.forEach(open -> open.complete(List.of(new Outcome.NotMine())));
        for (SpoolId id : ids) {
            assertThat(bench.states(id)).containsExactly(RELAYED);
        }
        assertThat(spare.taken).hasSize(4);
    }
}
