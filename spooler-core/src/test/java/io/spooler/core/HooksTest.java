package io.spooler.core;

import static io.spooler.RecipientState.CANCELLED;
import static io.spooler.RecipientState.DEFERRED;
import static io.spooler.RecipientState.FAILED;
import static io.spooler.RecipientState.READY;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Recipient;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.hook.Decision;
import io.spooler.hook.HookProperties;
import io.spooler.hook.OutgoingMessage;
import io.spooler.hook.PreProcessor;
import io.spooler.store.MessageStore;
import io.spooler.transport.Inlet;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hooks on the way out and in. */
class HooksTest {

    private final Bench bench = new Bench().withStore();
    private final FakeTransport smtp = new FakeTransport();
    private final List<String> ran = new ArrayList<>();

    /** Decides so about everything but reports. */
    private PreProcessor recording(String name, Decision decision) {
        return new PreProcessor() {
            @Override
            public Decision process(OutgoingMessage message) {
                ran.add(name);
                return message.sender() == null ? Decision.CONTINUE : decision;
            }

            @Override
            public void undo(SpoolId message) {
                ran.add("undo " + name);
            }
        };
    }

    @Test
    void hooks_run_by_ranking_and_undo_in_reverse_only_those_that_changed_something() throws Exception {
        bench.hook(recording("second", Decision.Change.prepend("X-Second: 2\r\n")), "second", 5);
        bench.hook(recording("first", Decision.Change.prepend("X-First: 1\r\n")), "first", 10);
        bench.hook(recording("idle", Decision.CONTINUE), "idle", 1);
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");

        assertThat(ran).containsExactly("first", "second", "idle", "undo second", "undo first");
        assertThat(smtp.contents).containsExactly("X-Second: 2\r\nX-First: 1\r\nSubject: test\r\n\r\nhello\r\n");
        assertThat(bench.status(id).complete()).isTrue();
    }

    @Test
    void a_message_without_a_transport_is_not_touched_until_one_appears() throws Exception {
        bench.hook(recording("hook", Decision.CONTINUE), "hook", 0);
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(WAITING);
        assertThat(ran).isEmpty();
        bench.transport(smtp, "smtp", 0, "SMTP");
        assertThat(ran).containsExactly("hook");
    }

    @Test
    void a_hook_runs_once_however_often_delivery_is_tried() throws Exception {
        bench.hook(recording("hook", Decision.CONTINUE), "hook", 0);
        smtp.answer = address -> io.spooler.transport.Outcome.Deferred.recipient(new Reply("4.2.1", "later"));
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.send("ann@example.org");
        bench.advance(Duration.ofHours(1));
        assertThat(smtp.taken.size()).isGreaterThan(2);
        assertThat(ran).containsExactly("hook");
    }

    @Test
    void a_store_that_throws_instead_of_recording_what_hooks_changed_is_asked_again() throws Exception {
        Bench own = new Bench();
        int[] thrown = {0};
        own.withStore((MessageStore) Proxy.newProxyInstance(
                MessageStore.class.getClassLoader(),
                new Class<?>[] {MessageStore.class},
                (proxy, method, arguments) -> {
                    if (Bench.isOutcome(method, arguments) && thrown[0]++ == 0) {
                        throw new IllegalStateException("broken");
                    }
                    return method.invoke(own.store, arguments);
                }));
        own.hook(recording("hook", Decision.Change.prepend("X-Hook: 1\r\n")), "hook", 0);
        own.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = own.send("ann@example.org");
        assertThat(smtp.taken).isEmpty();
        own.advance(own.core.settings().lease().plusSeconds(1));
        assertThat(own.status(id).complete()).isTrue();
        assertThat(ran).containsExactly("hook", "hook", "undo hook");
        assertThat(smtp.taken).hasSize(1);
    }

    @Test
    void recipients_can_be_replaced_and_refused() throws Exception {
        Recipient ann = Recipient.of(Address.smtp("ann@example.org"));
        Recipient bad = Recipient.of(Address.smtp("bad@example.org"));
        bench.hook(
                recording(
                        "expand",
                        new Decision.Change(
                                "", null, List.of(ann, bad), Map.of(bad, new Reply("5.1.1", "unknown")), List.of())),
                "expand",
                0);
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("team@example.org");
        assertThat(bench.states(id)).containsExactly(RELAYED, FAILED);
        assertThat(smtp.recipients())
                .contains("ann@example.org")
                .doesNotContain("bad@example.org", "team@example.org")
                .as("who is refused is told of")
                .contains("sender@example.com");
        assertThat(smtp.contents)
                .filteredOn(content -> content.contains("Final-Recipient: rfc822; bad@example.org"))
                .hasSize(1);
    }

    @Test
    void content_can_be_replaced_and_the_report_returns_what_was_accepted() throws Exception {
        bench.hook(
                recording(
                        "rewrite",
                        new Decision.Change(
                                "",
                                out -> out.write("Subject: new\r\n\r\nnew\r\n".getBytes(StandardCharsets.UTF_8)),
                                null,
                                Map.of(),
                                List.of())),
                "rewrite",
                0);
        smtp.answer = address -> new io.spooler.transport.Outcome.Failed(new Reply("5.1.1", "no"));
        bench.transport(smtp, "smtp", 0, "SMTP", "LOCAL");
        bench.send("ann@example.org");
        assertThat(smtp.contents.get(0)).isEqualTo("Subject: new\r\n\r\nnew\r\n");
        assertThat(smtp.contents.get(1))
                .contains("Content-Type: message/rfc822\r\n\r\nSubject: test\r\n\r\nhello\r\n")
                .doesNotContain("Subject: new");
        assertThat(bench.store.status().messages()).isZero();
    }

    @Test
    void a_veto_is_silent() throws Exception {
        bench.hook(recording("veto", new Decision.Discard()), "veto", 0);
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(CANCELLED);
        assertThat(smtp.taken).isEmpty();
    }

    @Test
    void a_hook_that_throws_leaves_the_message_queued_and_is_tried_again() throws Exception {
        boolean[] broken = {true};
        bench.hook(
                message -> {
                    if (broken[0]) {
                        throw new IllegalStateException("broken");
                    }
                    return Decision.CONTINUE;
                },
                "broken",
                0);
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        assertThat(smtp.taken).isEmpty();
        broken[0] = false;
        bench.advance(Duration.ofMinutes(10));
        assertThat(bench.states(id)).containsExactly(RELAYED);
    }

    @Test
    void a_hook_whose_stack_a_message_overflows_has_failed_at_once() throws Exception {
        bench.hook(
                message -> {
                    throw new StackOverflowError("ten thousand deep");
                },
                "deep",
                0);
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        assertThat(smtp.taken).isEmpty();
    }

    @Test
    void a_hook_that_overruns_its_time_leaves_the_message_queued_and_its_late_answer_counts_for_nothing()
            throws Exception {
        List<Runnable> slow = new ArrayList<>();
        bench.workers = slow::add;
        bench.hook(recording("slow", Decision.Change.prepend("X-Late: 1\r\n")), "slow", 0);
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = bench.send("ann@example.org");
        bench.advance(Duration.ofSeconds(59));
        assertThat(bench.states(id)).containsExactly(READY);
        bench.advance(Duration.ofSeconds(20));
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        slow.forEach(Runnable::run);
        assertThat(bench.states(id)).containsExactly(DEFERRED);
        assertThat(smtp.taken).isEmpty();

        bench.workers = Runnable::run;
        bench.advance(Duration.ofMinutes(10));
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(smtp.contents).containsExactly("X-Late: 1\r\nSubject: test\r\n\r\nhello\r\n");
    }

    @Test
    void a_jump_of_the_clock_neither_ends_the_time_of_a_hook_nor_prolongs_it() throws Exception {
        bench.workers = piece -> {};
        bench.hook(recording("slow", Decision.CONTINUE), "slow", 0);
        bench.transport(smtp, "smtp", 0, "SMTP");
        SpoolId first = bench.send("ann@example.org");
        bench.clock.advance(Duration.ofMinutes(2));
        bench.advance(Duration.ofSeconds(40));
        assertThat(bench.states(first)).containsExactly(READY);

        SpoolId second = bench.send("bob@example.org");
        bench.clock.advance(Duration.ofMinutes(-2));
        bench.advance(Duration.ofSeconds(40));
        assertThat(bench.states(first)).containsExactly(DEFERRED);
        bench.advance(Duration.ofSeconds(40));
        assertThat(bench.states(second)).containsExactly(DEFERRED);
    }

    @Test
    void a_hook_runs_for_the_types_and_transports_that_it_names() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP", "FAX");
        select("fax", HookProperties.TYPES, "FAX");
        select("by smtp", HookProperties.TRANSPORTS, "smtp");
        select("by other", HookProperties.TRANSPORTS, "other");
        bench.send("ann@example.org");
        assertThat(ran).containsExactly("by smtp");
        ran.clear();
        bench.send("FAX:1");
        assertThat(ran).containsExactlyInAnyOrder("fax", "by smtp");
        ran.clear();
        bench.transport(new FakeTransport(), "other", 10, "SMTP");
        bench.send("ann@example.org");
        assertThat(ran).as("the one in front counts alone").containsExactly("by other");
    }

    @Test
    void preprocessors_run_in_the_order_of_their_transports_and_undo_in_reverse() throws Exception {
        Decision change = Decision.Change.prepend("X: 1\r\n");
        bench.transport(smtp, "smtp", 0, "SMTP");
        FakeTransport fax = new FakeTransport();
        bench.transport(fax, "fax", 5, "FAX");
        bound("smtp young", 2003, change, "smtp", "gone");
        bound("smtp old", 2002, change, "smtp");
        bound("fax", 2001, change, "fax");
        bound("gone", 2000, change, "gone");
        bench.hook(recording("all", change), "all", 0);
        bench.hook(recording("last of all", change), "last of all", -100);
        bench.send("ann@example.org", "FAX:1");
        assertThat(ran)
                .startsWith("all", "last of all", "fax", "smtp old", "smtp young", "gone")
                .endsWith("undo gone", "undo smtp young", "undo smtp old", "undo fax", "undo last of all", "undo all");

        bench.settings("transports", "smtp");
        ran.clear();
        bench.send("ann@example.org", "FAX:1");
        assertThat(ran).startsWith("all", "last of all", "smtp old", "smtp young", "fax", "gone");
    }

    private void bound(String name, long id, Decision decision, String... transports) {
        bench.registry.putPreProcessor(
                recording(name, decision),
                Map.of(
                        "service.id",
                        id,
                        HookProperties.NAME,
                        name,
                        HookProperties.TRANSPORTS,
                        transports,
                        HookProperties.TYPES,
                        "SMTP"));
    }

    private void select(String name, String property, String value) {
        bench.registry.putPreProcessor(
                recording(name, Decision.CONTINUE),
                Map.of("service.id", 1000L + name.length(), HookProperties.NAME, name, property, value));
    }

    @Test
    void extra_messages_are_queued_once() throws Exception {
        Decision.Extra extra = new Decision.Extra(
                io.spooler.Envelope.of(null, List.of(Address.smtp("copy@example.org"))),
                out -> out.write("copy".getBytes(StandardCharsets.UTF_8)));
        boolean[] first = {true};
        bench.hook(
                message -> {
                    boolean mine = first[0];
                    first[0] = false;
                    return mine ? new Decision.Change("", null, null, Map.of(), List.of(extra)) : Decision.CONTINUE;
                },
                "copier",
                0);
        bench.transport(smtp, "smtp", 0, "SMTP");
        bench.send("ann@example.org");
        assertThat(smtp.recipients()).containsExactlyInAnyOrder("ann@example.org", "copy@example.org");
    }

    private void arrive() throws Exception {
        try (Inlet.Reception reception = smtp.inlet.receive(new Inlet.Arrival("smtp", "ann", null, ""))) {
            reception.write(ByteBuffer.wrap("Subject: in\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(bench.mailboxes.list("ann", "INBOX", 0, 10)).isEmpty();
            reception.commit().toCompletableFuture().join();
        }
    }

    @Test
    void an_incoming_message_is_filed_and_told_once() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        arrive();
        assertThat(bench.mailboxes.list("ANN", "inbox", 0, 10)).hasSize(1);
        assertThat(bench.arrived()).singleElement().satisfies(event -> {
            assertThat(event.entry().mailbox()).isEqualTo("ann");
            assertThat(event.entry().messageClass()).isEqualTo("IPM.Note");
        });
    }

    @Test
    void a_connection_that_breaks_leaves_nothing() throws Exception {
        bench.transport(smtp, "smtp", 0, "SMTP");
        try (Inlet.Reception reception = smtp.inlet.receive(new Inlet.Arrival("smtp", "ann", null, ""))) {
            reception.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
        assertThat(bench.mailboxes.mailboxes()).isEmpty();
        assertThat(bench.arrived()).isEmpty();
    }
}
