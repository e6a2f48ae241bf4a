package io.spooler.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Fate;
import io.spooler.Mailboxes;
import io.spooler.SpoolId;
import io.spooler.hook.HookProperties;
import io.spooler.hook.IncomingMessage;
import io.spooler.hook.PostProcessor;
import io.spooler.hook.Verdict;
import io.spooler.store.Folders.Filing;
import io.spooler.transport.Inlet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hooks on the way in, the folder by class, and what becomes of each message. */
class PostprocessorsTest {

    private final Bench bench = new Bench(
                    ReceptionTest.settings("receive_folders", "IPM.Note.Urgent=Urgent, ipm.appointment=Calendar"))
            .withStore();
    private final FakeTransport smtp = new FakeTransport();
    private final List<String> ran = new ArrayList<>();
    private SpoolId seen;

    @BeforeEach
    void open() {
        bench.transport(smtp, "smtp", 0, "SMTP");
    }

    private void hook(String name, int ranking, Function<IncomingMessage, Verdict> verdict) {
        PostProcessor hook = message -> {
            ran.add(name);
            seen = message.id();
            return verdict.apply(message);
        };
        bench.registry.putPostProcessor(
                hook, Map.of("service.id", 1000L + ranking, "service.ranking", ranking, HookProperties.NAME, name));
    }

    private static Verdict to(IncomingMessage message, String folder) {
        Filing t = message.target();
        return new Verdict(
                new Filing(t.mailbox(), folder, t.messageClass(), t.sender(), Set.of("\\Flagged")), false, false);
    }

    private CompletableFuture<Optional<Mailboxes.Entry>> arrive(String messageClass) throws Exception {
        Inlet.Reception reception = smtp.inlet.receive(new Inlet.Arrival("smtp", "ann", null, messageClass));
        reception.write(ByteBuffer.wrap("Subject: in\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
        return reception.commit().toCompletableFuture();
    }

    private Mailboxes.Entry filed(String messageClass) throws Exception {
        return ReceptionTest.now(arrive(messageClass)).orElseThrow();
    }

    @Test
    void they_run_in_order_and_the_last_retarget_wins() throws Exception {
        hook("third", 1, message -> Verdict.CONTINUE);
        hook("second", 5, message -> {
            assertThat(message.target().folder()).isEqualTo("Lists");
            return to(message, "Later");
        });
        hook("first", 9, message -> {
            assertThat(FakeTransport.read(message.content()))
                    .as("the data is in")
                    .isEqualTo("Subject: in\r\n\r\n");
            assertThat(bench.mailboxes.mailboxes()).as("nothing is filed").isEmpty();
            assertThat(bench.arrived()).as("nor told").isEmpty();
            return to(message, "Lists");
        });
        Mailboxes.Entry entry = filed("");
        assertThat(ran).containsExactly("first", "second", "third");
        assertThat(entry.folder()).isEqualTo("Later");
        assertThat(entry.flags()).containsExactly("\\Flagged");
        assertThat(entry.id()).as("as the hooks knew it").isEqualTo(seen);
        assertThat(bench.arrived())
                .singleElement()
                .satisfies(event -> assertThat(event.entry()).isEqualTo(entry));
        assertThat(bench.mailboxes.fate(entry.id()))
                .contains(new Fate(entry.id(), entry.received(), Fate.Kind.FILED, "ann", "Later", ""));
    }

    @Test
    void the_class_chooses_the_folder_behind_the_hooks_unless_one_chose_it() throws Exception {
        assertThat(filed("IPM.Note.URGENT.Very").folder()).isEqualTo("Urgent");
        hook("idle", 9, message -> Verdict.CONTINUE);
        assertThat(filed("IPM.Appointment").folder()).isEqualTo("Calendar");
        hook("sorter", 8, message -> to(message, "Lists"));
        assertThat(filed("IPM.Appointment").folder()).isEqualTo("Lists");
        hook(
                "sorter",
                8,
                message -> new Verdict(new Filing("ann", "INBOX", "IPM.Note.Urgent", null, Set.of()), false, false));
        assertThat(filed("IPM.Note").folder())
                .as("by the class that a hook gave it")
                .isEqualTo("Urgent");
    }

    @Test
    void cancel_stops_the_rest_and_the_choice_by_class() throws Exception {
        hook("first", 9, message -> new Verdict(null, false, true));
        hook("second", 5, message -> to(message, "Lists"));
        assertThat(filed("IPM.Appointment").folder()).isEqualTo("INBOX");
        assertThat(ran).containsExactly("first");
    }

    @Test
    void delete_removes_it_and_its_fate_says_who_did() throws Exception {
        hook("shredder", 9, message -> new Verdict(null, true, false));
        hook("second", 5, message -> to(message, "Lists"));
        assertThat(ReceptionTest.now(arrive(""))).isEmpty();
        assertThat(ran).as("the rest runs, without cancel").containsExactly("shredder", "second");
        assertThat(bench.mailboxes.mailboxes()).isEmpty();
        assertThat(bench.arrived()).isEmpty();
        assertThat(bench.mailboxes.fate(seen).orElseThrow())
                .isEqualTo(new Fate(
                        seen, bench.clock.instant(), Fate.Kind.REMOVED, "ann", "", "by the postprocessor shredder"));
        assertThat(filedWithoutHooks()).as("its turn is over").isPresent();
    }

    private Optional<Mailboxes.Entry> filedWithoutHooks() throws Exception {
        bench.registry.remove(Map.of("service.id", 1009L));
        bench.registry.remove(Map.of("service.id", 1005L));
        return ReceptionTest.now(arrive(""));
    }

    @Test
    void one_that_throws_leaves_the_message_in_quarantine_with_the_reason() throws Exception {
        hook("first", 9, message -> to(message, "Lists"));
        hook("broken", 5, message -> {
            throw new IllegalStateException("no\u001b[2J way");
        });
        Mailboxes.Entry entry = filed("");
        assertThat(bench.mailboxes.list("ann", "Quarantine", 0, 10)).containsExactly(entry);
        assertThat(entry.flags())
                .singleElement()
                .satisfies(flag -> assertThat(flag)
                        .startsWith("reason: hook broken failed: java.lang.IllegalStateException: no")
                        .doesNotContain("\u001b"));
        Fate fate = bench.mailboxes.fate(entry.id()).orElseThrow();
        assertThat(fate.kind()).isEqualTo(Fate.Kind.QUARANTINED);
        assertThat("reason: " + fate.reason())
                .isEqualTo(entry.flags().iterator().next());
        assertThat(bench.store.folders().fate(entry.id()))
                .as("readable from the store alone, when the core has forgotten it")
                .contains(fate);
    }

    @Test
    void one_whose_stack_a_message_overflows_leaves_it_in_quarantine_at_once() throws Exception {
        hook("deep", 5, message -> {
            throw new StackOverflowError("ten thousand deep");
        });
        assertThat(filed("").flags())
                .containsExactly("reason: hook deep failed: java.lang.StackOverflowError: ten thousand deep");
    }

    @Test
    void one_that_overruns_its_time_leaves_the_message_in_quarantine_and_its_late_answer_counts_for_nothing()
            throws Exception {
        hook("slow", 5, message -> new Verdict(null, true, false));
        List<Runnable> slow = new ArrayList<>();
        bench.workers = slow::add;
        CompletableFuture<Optional<Mailboxes.Entry>> commit = arrive("");
        bench.advance(Duration.ofSeconds(59));
        assertThat(commit).isNotDone();
        bench.advance(Duration.ofSeconds(2));
        Mailboxes.Entry entry = ReceptionTest.now(commit).orElseThrow();
        assertThat(entry.folder()).isEqualTo("Quarantine");
        assertThat(entry.flags().iterator().next()).endsWith("took longer than 60 s");
        slow.forEach(Runnable::run);
        assertThat(bench.mailboxes.entry(entry.id())).contains(entry);
        assertThat(bench.arrived()).hasSize(1);
    }

    @Test
    void one_that_names_transports_sees_only_what_these_bring() throws Exception {
        bench.registry.putPostProcessor(
                message -> new Verdict(null, true, false),
                Map.of("service.id", 1001L, HookProperties.NAME, "pop", HookProperties.TRANSPORTS, "pop3"));
        assertThat(ReceptionTest.now(arrive(""))).isPresent();
    }

    /** R57: as with stores. */
    @Test
    void other_settings_are_for_receptions_that_begin_later() throws Exception {
        Inlet.Reception before = smtp.inlet.receive(new Inlet.Arrival("smtp", "ann", null, "IPM.Appointment"));
        bench.core.configure(ReceptionTest.settings("receive_folders", "IPM.Appointment=Other"));
        assertThat(ReceptionTest.now(before.commit()).orElseThrow().folder()).isEqualTo("Calendar");
        assertThat(filed("IPM.Appointment").folder()).isEqualTo("Other");
    }
}
