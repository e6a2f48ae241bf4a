package io.spooler.core;

import static io.spooler.RecipientState.CANCELLED;
import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.EXPIRED;
import static io.spooler.RecipientState.FAILED;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Recipient.Alternative;
import io.spooler.Recipient.Notify;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.admin.Filter;
import io.spooler.admin.Order;
import io.spooler.admin.SpoolAdmin.Explanation;
import io.spooler.transport.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is tried instead: behind a failure, or when its time has come. */
class AlternativesTest {

    private static final Address ANN = Address.smtp("ann@example.org");
    private static final Address PHONE = new Address("SMS", "+351");
    private static final Address FAX = new Address("FAX", "1");
    private static final Outcome UNKNOWN = new Outcome.Failed(new Reply("5.1.1", "unknown"));
    private static final Outcome LATER = Outcome.Deferred.recipient(new Reply("4.2.1", "later"));

    private final Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();
    private final FakeTransport other = new FakeTransport();
    private final FakeTransport post = new FakeTransport();

    @BeforeEach
    void there_is_a_transport_for_each() {
        bench.transport(post, "post", 0, "LOCAL");
        bench.transport(smtp, "smtp", 0, "SMTP");
    }

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    private static Alternative failing(Address address) {
        return new Alternative(address, null);
    }

    private SpoolId send(Envelope.Options options, Alternative... alternatives) throws Exception {
        Recipient recipient = new Recipient(ANN, Set.of(Notify.SUCCESS, Notify.FAILURE), null, null);
        return bench.submit(new Envelope(
                new Address(Address.LOCAL, "sender"),
                List.of(recipient.withAlternatives(List.of(alternatives))),
                options));
    }

    private SpoolId send(Alternative... alternatives) throws Exception {
        return send(Envelope.Options.DEFAULT, alternatives);
    }

    private String why(SpoolId id) {
        return bench.admin.why(id).orElseThrow().stream().map(Explanation::text).reduce("", (a, b) -> a + b);
    }

    @Test
    void the_next_one_is_tried_behind_a_failure_and_its_success_counts() throws Exception {
        smtp.answer = address -> UNKNOWN;
        bench.transport(other, "sms", 0, "SMS");
        SpoolId id = send(failing(PHONE), failing(FAX));
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(bench.first(id).recipient().address()).isEqualTo(PHONE);
        assertThat(bench.first(id).attempts()).as("counted anew").isEqualTo(1);
        assertThat(bench.status(id).complete()).isTrue();
        assertThat(post.contents)
                .singleElement()
                .asString()
                .contains(
                        "Original-Recipient: rfc822; ann@example.org\r\nFinal-Recipient: SMS; +351\r\nAction: relayed");
        assertThat(why(id)).endsWith("; original recipient: rfc822;ann@example.org");
    }

    @Test
    void the_sender_is_told_when_the_last_one_has_failed() throws Exception {
        smtp.answer = address -> UNKNOWN;
        other.answer = address -> UNKNOWN;
        SpoolId id = send(failing(PHONE), failing(FAX));
        assertThat(bench.states(id)).containsExactly(WAITING);
        assertThat(why(id)).contains("; if it fails: FAX:1");
        assertThat(post.taken).isEmpty();
        bench.transport(other, "other", 0, "SMS", "FAX");
        assertThat(other.recipients()).containsExactly("+351", "1");
        assertThat(bench.states(id)).containsExactly(FAILED);
        assertThat(post.contents)
                .singleElement()
                .asString()
                .contains("Original-Recipient: rfc822; ann@example.org\r\nFinal-Recipient: FAX; 1\r\nAction: failed");
    }

    @Test
    void one_whose_time_has_come_does_not_wait_for_a_failure() throws Exception {
        smtp.answer = address -> LATER;
        bench.transport(other, "sms", 0, "SMS");
        SpoolId id = send(new Alternative(PHONE, Duration.ofMinutes(7)));
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        assertThat(why(id)).contains("; if it fails: SMS:+351, at ");
        bench.advance(Duration.ofMinutes(6));
        assertThat(other.taken).isEmpty();
        int asked = smtp.taken.size();
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(other.recipients()).containsExactly("+351");
        assertThat(smtp.taken).as("not asked once more").hasSize(asked);
    }

    @Test
    void times_count_from_when_the_message_may_go_and_each_has_its_own() throws Exception {
        bench.transport(other, "other", 0, "FAX");
        SpoolId id = send(
                Envelope.Options.DEFAULT.withNotBefore(bench.clock.instant().plusSeconds(3600)),
                new Alternative(PHONE, Duration.ofMinutes(10)),
                new Alternative(FAX, Duration.ofMinutes(20)));
        smtp.answer = address -> LATER;
        bench.advance(Duration.ofMinutes(69));
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        bench.advance(Duration.ofMinutes(2));
        assertThat(bench.states(id)).as("nobody carries it").containsExactly(WAITING);
        assertThat(bench.first(id).recipient().address()).isEqualTo(PHONE);
        bench.advance(Duration.ofMinutes(9));
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(bench.first(id).recipient().address()).isEqualTo(FAX);
    }

    @Test
    void one_that_is_given_up_goes_to_its_alternative_but_an_expired_message_ends() throws Exception {
        smtp.answer = address -> LATER;
        bench.transport(other, "sms", 0, "SMS");
        SpoolId old = send(failing(PHONE));
        SpoolId expired =
                send(Envelope.Options.DEFAULT.withExpires(bench.clock.instant().plusSeconds(3600)), failing(PHONE));
        bench.advance(Duration.ofHours(2));
        assertThat(bench.states(expired)).containsExactly(EXPIRED);
        assertThat(bench.first(expired).recipient().address()).isEqualTo(ANN);
        assertThat(other.taken).isEmpty();
        bench.advance(Duration.ofDays(6));
        assertThat(bench.states(old)).containsExactly(RELAYED);
        assertThat(other.taken).hasSize(1);
    }

    @Test
    void an_administrator_ends_all_of_them() throws Exception {
        smtp.answer = address -> LATER;
        bench.transport(other, "sms", 0, "SMS");
        SpoolId one = send(failing(PHONE));
        bench.admin.change(Order.of(Order.Action.EXPIRE, Filter.of(one), "tester"));
        assertThat(bench.states(one)).containsExactly(EXPIRED);
        SpoolId two = send(failing(PHONE));
        bench.admin.change(Order.of(Order.Action.CANCEL, Filter.of(two), "tester"));
        assertThat(bench.states(two)).containsExactly(CANCELLED);
        assertThat(other.taken).isEmpty();
    }

    @Test
    void others_of_the_message_are_not_touched() throws Exception {
        smtp.answer = address -> address.equals(ANN) ? UNKNOWN : new Outcome.Relayed(FakeTransport.OK);
        bench.transport(other, "sms", 0, "SMS");
        Recipient ann = Recipient.of(ANN).withAlternatives(List.of(failing(PHONE)));
        Recipient bob = Recipient.of(Address.smtp("bob@example.org"));
        SpoolId id = bench.submit(new Envelope(null, List.of(ann, bob), Envelope.Options.DEFAULT));
        assertThat(bench.states(id)).containsExactly(RELAYED, RELAYED);
        assertThat(smtp.recipients()).containsExactly("ann@example.org", "bob@example.org");
        assertThat(other.recipients()).containsExactly("+351");
    }

    @Test
    void they_are_bounded() {
        List<Alternative> nine = new ArrayList<>(Collections.nCopies(9, failing(PHONE)));
        assertThatThrownBy(() -> Recipient.of(ANN).withAlternatives(nine))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 8");
        assertThatThrownBy(() -> new Alternative(PHONE, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Recipient.of(ANN).atAlternative()).isInstanceOf(IllegalStateException.class);
    }
}
