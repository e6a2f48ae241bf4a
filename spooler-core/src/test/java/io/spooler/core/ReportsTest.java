package io.spooler.core;

import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.EXPIRED;
import static io.spooler.RecipientState.FAILED;
import static io.spooler.RecipientState.HELD;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.Recipient.Notify;
import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.admin.Filter;
import io.spooler.admin.Order;
import io.spooler.settings.SettingsException;
import io.spooler.store.MessageStore;
import io.spooler.store.StoreStatus;
import io.spooler.transport.Outcome;
import java.io.ByteArrayInputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.james.mime4j.codec.QuotedPrintableInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is told what, when, and how often; what the reports look like to a reader. */
class ReportsTest {

    private static final Address SENDER = new Address(Address.LOCAL, "sender");
    private static final Outcome LATER = Outcome.Deferred.recipient(new Reply("4.2.1", "450 4.2.1 later"));
    private static final Outcome NEVER = new Outcome.Failed(new Reply("5.1.1", "550 5.1.1 no such user"));

    private Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();
    private final FakeTransport post = new FakeTransport();

    @AfterEach
    void no_piece_failed() {
        assertThat(bench.loop.failure()).isNull();
    }

    private void transports() {
        post.answer = address -> new Outcome.Delivered(FakeTransport.OK);
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.transport(post, "post", 0, "LOCAL");
    }

    private static Recipient recipient(String address, Notify... wishes) {
        return new Recipient(Address.smtp(address), Set.of(wishes), null, null);
    }

    private SpoolId send(Envelope.Options options, Recipient... recipients) throws Exception {
        return bench.submit(new Envelope(SENDER, List.of(recipients), options));
    }

    private static String text(String report) throws Exception {
        String part = report.substring(report.indexOf("quoted-printable\r\n\r\n") + 20);
        byte[] encoded = part.substring(0, part.indexOf("\r\n--=_")).getBytes(StandardCharsets.US_ASCII);
        try (QuotedPrintableInputStream in = new QuotedPrintableInputStream(new ByteArrayInputStream(encoded))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_failure_says_everything_that_is_known() throws Exception {
        transports();
        smtp.answer = address -> {
            smtp.taken.get(0).servedBy("mx.example.org");
            return NEVER;
        };
        Envelope.Options options = new Envelope.Options(null, null, null, null, "QQ 314159", false);
        Recipient team = new Recipient(Address.smtp("ann@example.org"), Set.of(), "rfc822;team@example.org", null);
        SpoolId id = bench.client.submit(
                new Envelope(SENDER, List.of(team), options), out -> out.write("""
                Message-ID: <b@example.com>\r
                References: <a@example.com>\r
                Subject: =?utf-8?q?Ol=C3=A1?=\r
                \r
                hello\r
                """.getBytes(StandardCharsets.UTF_8)));

        assertThat(bench.states(id)).containsExactly(FAILED);
        assertThat(post.taken).singleElement().satisfies(report -> {
            assertThat(report.sender()).as("null reverse path").isNull();
            assertThat(report.options().smtpUtf8()).isFalse();
        });
        assertThat(post.contents.get(0))
                .startsWith("From: Mail Delivery System <MAILER-DAEMON@spool.example>\r\nTo: \"LOCAL:sender\":;\r\n")
                .contains(
                        "\r\nSubject: =?",
                        "\r\nMessage-ID: <" + post.taken.get(0).id() + "@spool.example>\r\n")
                .contains("\r\nIn-Reply-To: <b@example.com>\r\nReferences: <a@example.com> <b@example.com>\r\n")
                .contains("\r\nAuto-Submitted: auto-replied\r\n", "multipart/report; report-type=delivery-status;")
                .contains("Original-Envelope-Id: QQ 314159\r\nReporting-MTA: dns; spool.example\r\n")
                .contains("Arrival-Date: Sun, 1 Mar 2026 12:00:00 +0000\r\n\r\nOriginal-Recipient: rfc822; team@")
                .contains("Final-Recipient: rfc822; ann@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n")
                .contains(
                        "Remote-MTA: dns; mx.example.org\r\n"
                                + "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\nLast-Attempt-Date: Sun, 1 Mar 2026 12:00:00")
                .contains("Content-Type: message/rfc822\r\n\r\nMessage-ID: <b@example.com>\r\n")
                .contains("\r\n\r\nhello\r\n\r\n--=_");
        assertThat(text(post.contents.get(0)))
                .contains("spooler at spool.example", "    Olá\r\n", "1 March 2026, 12:00 UTC", id.toString())
                .contains("    ann@example.org\r\n        5.1.1 550 5.1.1 no such user\r\n", "will not try again")
                .contains("copy of your message");
    }

    @Test
    void somebody_else_than_the_sender_may_get_the_reports() throws Exception {
        transports();
        smtp.answer = address -> NEVER;
        Envelope.Options options = Envelope.Options.DEFAULT.withReportTo(Address.parse("LOCAL:secretary"));
        send(options, recipient("ann@example.org"));
        bench.submit(new Envelope(null, List.of(recipient("bob@example.org")), options));
        assertThat(post.recipients()).containsExactly("secretary", "secretary");
        assertThat(post.contents.get(0)).contains("To: \"LOCAL:secretary\":;");
        assertThat(post.taken).allSatisfy(report -> {
            assertThat(report.sender()).isNull();
            assertThat(report.options().reportTo()).as("it causes no other").isNull();
        });
    }

    @Test
    void the_words_can_be_portuguese() throws Exception {
        bench = new Bench(CoreSettings.read(Map.of("report_language", "pt"))).withStore();
        transports();
        smtp.answer = address -> NEVER;
        send(Envelope.Options.DEFAULT, recipient("ann@example.org"));
        assertThat(post.contents.get(0))
                .contains("Content-Language: pt", "Subject: =?", "Action: failed")
                .containsPattern("From: (\"?)Sistema de Entrega de Correio\\1 <MAILER-DAEMON@");
        assertThat(text(post.contents.get(0)))
                .contains("Não foi possível entregá-la a:", "1 de março de 2026, 12:00 UTC", "uma cópia");
    }

    @Test
    void the_whole_message_returns_with_failures_only_if_it_is_small_and_the_sender_does_not_mind() throws Exception {
        bench = new Bench(CoreSettings.read(Map.of("report_return_limit", "24"))).withStore();
        transports();
        smtp.answer = address -> NEVER;
        Envelope.Options headers = new Envelope.Options(null, null, null, Envelope.Return.HEADERS, null, false);
        Envelope.Options full = new Envelope.Options(null, null, null, Envelope.Return.FULL, null, false);

        send(full, recipient("ann@example.org"));
        assertThat(post.contents.get(0)).contains("message/rfc822\r\n\r\nSubject: test\r\n\r\nhello\r\n");
        send(headers, recipient("ann@example.org"));
        assertThat(post.contents.get(1))
                .contains("text/rfc822-headers\r\n\r\nSubject: test\r\n\r\n--=_")
                .doesNotContain("hello");
        bench.client.submit(
                new Envelope(SENDER, List.of(recipient("ann@example.org")), full),
                out -> out.write("Subject: large\r\n\r\n12345678\r\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(post.contents.get(2)).contains("text/rfc822-headers").doesNotContain("12345678");
        smtp.answer = address -> new Outcome.Delivered(FakeTransport.OK);
        send(full, recipient("ann@example.org", Notify.SUCCESS));
        assertThat(post.contents.get(3))
                .contains(
                        "text/rfc822-headers",
                        "Action: delivered\r\nStatus: 2.0.0\r\nDiagnostic-Code: x-spooler; 2.0.0 ok")
                .doesNotContain("hello");
    }

    @Test
    void recipients_that_finish_together_share_a_report() throws Exception {
        transports();
        smtp.answer = address -> address.localPart().equals("ann") ? NEVER : new Outcome.Delivered(FakeTransport.OK);
        send(
                Envelope.Options.DEFAULT,
                recipient("ann@example.org"),
                recipient("bob@example.org", Notify.SUCCESS),
                recipient("cid@example.org"));
        assertThat(post.contents).singleElement().satisfies(report -> {
            assertThat(report)
                    .containsSubsequence(
                            "; ann@example.org\r\nAction: failed", "; bob@example.org\r\nAction: delivered")
                    .contains("Subject: Not delivered: test")
                    .doesNotContain("cid@example.org");
            assertThat(text(report)).containsSubsequence("could not be delivered to:", "It was delivered to:");
        });
    }

    @Test
    void what_waits_for_a_transport_is_late_once() throws Exception {
        bench.transport(post, "post", 0, "LOCAL");
        SpoolId id = send(Envelope.Options.DEFAULT, recipient("ann@example.org"));
        bench.advance(Duration.ofHours(4).minusSeconds(1));
        assertThat(post.contents).isEmpty();
        bench.advance(Duration.ofMinutes(16));
        assertThat(post.contents)
                .singleElement()
                .satisfies(report -> assertThat(report)
                        .contains(
                                "Subject: Delayed: test",
                                "Action: delayed\r\nStatus: 4.4.4\r\nDiagnostic-Code: x-spooler;")
                        .contains("Will-Retry-Until: Fri, 6 Mar 2026 12:00:00 +0000", "text/rfc822-headers")
                        .doesNotContain("Last-Attempt-Date"));
        assertThat(text(post.contents.get(0)))
                .contains("We keep trying until 6 March 2026, 12:00 UTC.", "only a notice");
        assertThat(bench.states(id)).containsExactly(WAITING);
        assertThat(bench.first(id).due()).as("the deadline stays").isEqualTo("2026-03-06T12:00:00Z");

        bench.advance(Duration.ofDays(3));
        assertThat(post.contents).hasSize(1);
        assertThat(bench.told.stream().filter(SpoolEvent.Delayed.class::isInstance))
                .singleElement()
                .satisfies(event -> assertThat(event.id()).isEqualTo(id));
        bench.advance(Duration.ofDays(2));
        assertThat(bench.states(id)).containsExactly(EXPIRED);
        assertThat(post.contents).hasSize(2);
    }

    @Test
    void many_that_wait_are_late_together() throws Exception {
        bench.transport(post, "post", 0, "LOCAL");
        for (int i = 0; i < 600; i++) {
            send(Envelope.Options.DEFAULT, recipient("u" + i + "@example.org"), recipient("v" + i + "@example.org"));
        }
        bench.advance(Duration.ofHours(5));
        assertThat(post.contents).as("one for each message").hasSize(600);
        assertThat(bench.core.window().recipients()).as("all given back").isZero();
    }

    @Test
    void a_delay_counts_from_the_first_time_that_an_attempt_was_allowed() throws Exception {
        bench.transport(post, "post", 0, "LOCAL");
        send(
                Envelope.Options.DEFAULT.withNotBefore(bench.clock.instant().plus(Duration.ofDays(1))),
                recipient("ann@example.org"));
        bench.advance(Duration.ofHours(28).minusSeconds(1));
        assertThat(post.contents).isEmpty();
        bench.advance(Duration.ofHours(4));
        assertThat(post.contents).hasSize(1);
    }

    @Test
    void what_is_tried_is_late_at_the_first_attempt_behind_the_limit() throws Exception {
        transports();
        smtp.answer = address -> LATER;
        SpoolId id = send(Envelope.Options.DEFAULT, recipient("ann@example.org"), recipient("bob@example.org"));
        bench.advance(Duration.ofHours(9));
        assertThat(bench.states(id)).containsExactly(DEFERRED, DEFERRED);
        assertThat(String.join("", post.contents))
                .containsOnlyOnce("; ann@example.org\r\nAction: delayed\r\nStatus: 4.2.1")
                .containsOnlyOnce("; bob@example.org\r\nAction: delayed\r\nStatus: 4.2.1")
                .contains("Diagnostic-Code: smtp; 450 4.2.1 later");
    }

    @Test
    void what_is_held_is_late_when_it_is_released() throws Exception {
        bench.transport(post, "post", 0, "LOCAL");
        SpoolId id = send(Envelope.Options.DEFAULT, recipient("ann@example.org"));
        bench.admin.change(Order.of(Order.Action.HOLD, Filter.of(id), "tester"));
        bench.advance(Duration.ofHours(9));
        assertThat(bench.states(id)).containsExactly(HELD);
        assertThat(post.contents).isEmpty();
        bench.admin.change(Order.of(Order.Action.RELEASE, Filter.of(id), "tester"));
        assertThat(post.contents).hasSize(1);
    }

    @Test
    void no_time_means_no_notice_of_delay() throws Exception {
        bench = new Bench(CoreSettings.read(Map.of("delay_notice", "0s"))).withStore();
        transports();
        smtp.answer = address -> LATER;
        send(Envelope.Options.DEFAULT, recipient("ann@example.org", Notify.DELAY));
        bench.advance(Duration.ofDays(6));
        assertThat(post.contents).isEmpty();
    }

    @Test
    void a_report_that_fails_goes_to_the_postmaster_and_no_further() throws Exception {
        transports();
        smtp.answer = address -> NEVER;
        SpoolId id = bench.send("ann@example.org");
        assertThat(smtp.recipients()).containsExactly("ann@example.org", "sender@example.com");
        assertThat(post.recipients()).containsExactly("postmaster");
        assertThat(post.taken.get(0).sender()).isNull();
        assertThat(text(post.contents.get(0))).contains("You get it as the postmaster.");
        assertThat(post.contents.get(0))
                .contains("Final-Recipient: rfc822; sender@example.com\r\nAction: failed")
                .as("the report that failed, with what it was about")
                .contains("Final-Recipient: rfc822; ann@example.org", id.toString());

        // A loop would come to an end, so that this fails and does not hang.
        post.answer = address -> post.taken.size() < 20 ? NEVER : LATER;
        bench.send("bob@example.org");
        assertThat(post.recipients()).containsExactly("postmaster", "postmaster");
        assertThat(bench.store.status().messages()).isZero();
    }

    @Test
    void a_message_without_sender_causes_no_report() throws Exception {
        transports();
        smtp.answer = address -> NEVER;
        bench.submit(new Envelope(null, List.of(recipient("ann@example.org")), Envelope.Options.DEFAULT));
        smtp.answer = address -> LATER;
        bench.submit(new Envelope(null, List.of(recipient("bob@example.org")), Envelope.Options.DEFAULT));
        bench.advance(Duration.ofDays(6));
        assertThat(post.taken).isEmpty();
        assertThat(bench.store.status().messages()).isZero();
    }

    @Test
    void a_record_lost_behind_its_report_makes_no_second_one() throws Exception {
        bench = new Bench();
        boolean[] lost = {false};
        MessageStore losing = (MessageStore) Proxy.newProxyInstance(
                MessageStore.class.getClassLoader(),
                new Class<?>[] {MessageStore.class},
                (proxy, method, arguments) -> {
                    if (Bench.isOutcome(method, arguments) && !lost[0]) {
                        lost[0] = true;
                        return CompletableFuture.failedFuture(new IllegalStateException("lost"));
                    }
                    try {
                        return method.invoke(bench.store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        bench.registry.putStore(losing, Map.of("service.id", 99L, MessageStore.NAME, "losing"));
        transports();
        smtp.answer = address -> NEVER;
        SpoolId id = send(Envelope.Options.DEFAULT, recipient("ann@example.org"));
        assertThat(bench.client.find(id).orElseThrow().complete()).isFalse();
        bench.advance(Duration.ofHours(2));
        assertThat(smtp.recipients()).as("tried again").containsExactly("ann@example.org", "ann@example.org");
        assertThat(bench.states(id)).containsExactly(FAILED);
        assertThat(post.contents).as("told once").hasSize(1);
    }

    @Test
    void a_failure_that_cannot_be_reported_stays_open_until_it_can() throws Exception {
        transports();
        smtp.answer = address -> {
            bench.store.condition(StoreStatus.Condition.FULL);
            return NEVER;
        };
        SpoolId id = send(Envelope.Options.DEFAULT, recipient("ann@example.org"));
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        bench.store.condition(StoreStatus.Condition.AVAILABLE);
        smtp.answer = address -> NEVER;
        bench.advance(Duration.ofMinutes(2));
        assertThat(bench.states(id)).containsExactly(FAILED);
        assertThat(post.contents).hasSize(1);
    }

    @Test
    void international_addresses_and_headers_are_kept() throws Exception {
        transports();
        smtp.answer = address -> NEVER;
        Envelope.Options utf8 = new Envelope.Options(null, null, null, null, null, true);
        Recipient jose = recipient("josé@example.org");
        bench.client.submit(
                new Envelope(SENDER, List.of(jose), utf8),
                out -> out.write("Subject: Olá\r\n\r\nhello\r\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(post.contents.get(0))
                .contains("Final-Recipient: utf-8; jos\\x{E9}@example.org")
                .contains("\r\nContent-Transfer-Encoding: 8bit\r\nContent-Type: multipart/report")
                .contains("Content-Type: message/global\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: Olá\r\n");
        assertThat(post.taken.get(0).options().smtpUtf8()).isTrue();

        smtp.answer = address -> new Outcome.Delivered(FakeTransport.OK);
        bench.client.submit(
                new Envelope(SENDER, List.of(recipient("ann@example.org", Notify.SUCCESS)), Envelope.Options.DEFAULT),
                out -> out.write("Subject: Olá\r\n\r\nhello\r\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(post.contents.get(1))
                .as("eight bits that were never declared travel encoded")
                .contains("text/rfc822-headers\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nSubject: Ol=C3=A1")
                .doesNotContain("8bit");
    }

    @Test
    void an_address_that_is_none_is_refused_as_postmaster() {
        assertThatThrownBy(() -> CoreSettings.read(Map.of("postmaster", "nobody", "report_language", "xx")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("postmaster=nobody")
                .hasMessageContaining("one of en, pt");
    }

    @Test
    void a_report_is_as_urgent_as_its_original() throws Exception {
        transports();
        smtp.answer = address -> NEVER;
        send(Envelope.Options.DEFAULT.withPriority(Envelope.Priority.URGENT), recipient("ann@example.org"));
        send(Envelope.Options.DEFAULT, recipient("bob@example.org"));
        assertThat(post.taken)
                .extracting(report -> report.options().priority())
                .containsExactly(Envelope.Priority.URGENT, Envelope.Priority.NORMAL);
    }

    @Test
    void the_ledger_of_the_original_is_as_ever() throws Exception {
        transports();
        SpoolId id = send(Envelope.Options.DEFAULT, recipient("ann@example.org", Notify.SUCCESS));
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(post.contents)
                .singleElement()
                .satisfies(report -> assertThat(report).contains("Action: relayed"));
    }
}
