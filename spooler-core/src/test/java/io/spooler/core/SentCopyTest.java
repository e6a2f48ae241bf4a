package io.spooler.core;

import static io.spooler.RecipientState.CANCELLED;
import static io.spooler.RecipientState.RELAYED;
import static io.spooler.RecipientState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.SentCopy;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.Spooler.Cancellation;
import io.spooler.hook.Decision;
import io.spooler.hook.OutboundHook;
import io.spooler.hook.OutgoingMessage;
import io.spooler.hook.PreProcessor;
import io.spooler.hook.Verdict;
import io.spooler.store.Folders.Filing;
import io.spooler.store.MessageStore;
import io.spooler.store.Settlement;
import io.spooler.store.StoreStatus;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What becomes of a message once all transports are done with it: hooks, the sender's copy, completion. */
class SentCopyTest {

    private final Bench bench = new Bench();
    private final FakeTransport smtp = new FakeTransport();
    private final List<String> ran = new ArrayList<>();

    private SpoolId send(SentCopy sent, String... recipients) throws Exception {
        return bench.submit(Envelope.of(
                        Address.smtp("ann@example.com"),
                        Arrays.stream(recipients).map(Address::parse).toList())
                .with(Envelope.Options.DEFAULT.withSent(sent)));
    }

    private List<Mailboxes.Entry> in(String folder) {
        return bench.mailboxes.list("ann", folder, 0, 10);
    }

    private String text(Mailboxes.Entry entry) {
        return FakeTransport.read(bench.mailboxes.content(entry.id()).orElseThrow());
    }

    private static Filing filing(String folder) {
        return new Filing("ann", folder, "IPM.Note", null, Set.of());
    }

    @Test
    void the_sender_decides_between_four_fates_of_its_copy() throws Exception {
        bench.withStore().transport(smtp, "smtp", 0, "SMTP");
        SpoolId filed = send(new SentCopy("ann", "Sent", false), "bob@example.org");
        assertThat(in("Sent")).singleElement().satisfies(entry -> {
            assertThat(entry.id()).isEqualTo(filed.sentCopy());
            assertThat(entry.id().sentCopy()).isEqualTo(filed);
            assertThat(entry.flags()).containsExactlyInAnyOrder("\\Seen", "$MDNSent");
            assertThat(entry.sender()).isEqualTo(Address.smtp("ann@example.com"));
        });

        SpoolId stays = send(new SentCopy("ann", null, false), "bob@example.org");
        assertThat(in(Mailboxes.OUTBOX)).extracting(Mailboxes.Entry::id).containsExactly(stays.sentCopy());

        send(new SentCopy("ann", null, true), "bob@example.org");
        send(new SentCopy("ann", "Gone", true), "bob@example.org");
        bench.send("bob@example.org");
        assertThat(in("Gone")).isEmpty();
        assertThat(in("Sent")).hasSize(1);
        assertThat(in(Mailboxes.OUTBOX)).hasSize(1);
        assertThat(bench.store.status().messages()).isZero();
        assertThat(bench.arrived()).as("a copy does not arrive").isEmpty();
    }

    @Test
    void hooks_come_behind_the_last_transport_and_undo_and_in_front_of_filing() throws Exception {
        bench.hook(
                new PreProcessor() {
                    @Override
                    public Decision process(OutgoingMessage message) {
                        return Decision.Change.prepend("X-Fax: 1\r\n");
                    }

                    @Override
                    public void undo(SpoolId message) {
                        ran.add("undo");
                    }
                },
                "fax",
                0);
        bench.sentHook(
                message -> {
                    ran.add("hook "
                            + message.status().recipients().stream()
                                    .map(r -> r.state().name())
                                    .toList());
                    ran.add("sees "
                            + FakeTransport.read(message.content())
                                    .lines()
                                    .findFirst()
                                    .orElseThrow());
                    ran.add("filed " + in("Sent").size());
                    ran.add("complete "
                            + bench.store
                                    .find(message.status().id())
                                    .orElseThrow()
                                    .complete());
                    return Verdict.CONTINUE;
                },
                "archive",
                0);
        bench.events.add(event -> {
            if (event instanceof SpoolEvent.Completed) {
                ran.add("completed with " + in("Sent").size());
            }
        });
        bench.withStore().transport(smtp, "smtp", 0, "SMTP:*@example.org");
        SpoolId id = send(SentCopy.in("ann", "Sent"), "bob@example.org", "cleo@example.net");
        assertThat(bench.states(id)).containsExactly(RELAYED, WAITING);
        assertThat(ran).as("one is still open").isEmpty();
        bench.transport(smtp, "other", 0, "SMTP");
        assertThat(ran)
                .containsExactly(
                        "undo",
                        "hook [RELAYED, RELAYED]",
                        "sees Subject: test",
                        "filed 0",
                        "complete false",
                        "completed with 1");
        assertThat(text(in("Sent").get(0)))
                .as("as accepted, not as prepared")
                .isEqualTo("Subject: test\r\n\r\nhello\r\n");
    }

    private OutboundHook hook(String name, Verdict verdict) {
        return message -> {
            ran.add(name + " "
                    + (message.target() == null ? "nowhere" : message.target().folder()));
            return verdict;
        };
    }

    @Test
    void the_last_target_of_the_hooks_wins_and_cancel_ends_them() throws Exception {
        bench.sentHook(hook("first", new Verdict(filing("One"), false, false)), "first", 9);
        bench.sentHook(hook("second", new Verdict(filing("Two"), false, false)), "second", 8);
        bench.sentHook(hook("third", new Verdict(null, false, true)), "third", 7);
        bench.sentHook(hook("never", new Verdict(filing("Three"), true, false)), "never", 6);
        bench.withStore().transport(smtp, "smtp", 0, "SMTP");
        send(SentCopy.in("ann", "Sent"), "bob@example.org");
        assertThat(ran).containsExactly("first Sent", "second One", "third Two");
        assertThat(in("Two")).hasSize(1);
        assertThat(in("Sent")).isEmpty();
    }

    @Test
    void a_hook_keeps_a_copy_that_nobody_asked_for_or_suppresses_one() throws Exception {
        bench.sentHook(hook("archive", new Verdict(filing("Archive"), false, false)), "archive", 9);
        bench.withStore().transport(smtp, "smtp", 0, "SMTP");
        bench.send("bob@example.org");
        assertThat(ran).containsExactly("archive nowhere");
        assertThat(in("Archive")).hasSize(1);

        bench.sentHook(hook("shredder", new Verdict(null, true, false)), "shredder", 5);
        send(SentCopy.in("ann", "Sent"), "bob@example.org");
        assertThat(in("Archive")).hasSize(1);
        assertThat(in("Sent")).isEmpty();
    }

    @Test
    void a_hook_that_throws_or_overruns_its_time_does_not_lose_the_copy() throws Exception {
        OutboundHook broken = message -> {
            throw new IllegalStateException("broken");
        };
        bench.sentHook(broken, "broken", 9);
        bench.sentHook(hook("behind", Verdict.CONTINUE), "behind", 5);
        bench.withStore().transport(smtp, "smtp", 0, "SMTP");
        SpoolId first = send(SentCopy.in("ann", "Sent"), "bob@example.org");
        assertThat(in("Sent")).hasSize(1);
        assertThat(bench.status(first).complete()).isTrue();
        assertThat(ran).containsExactly("behind Sent");

        bench.sentHook(hook("shredder", new Verdict(null, true, false)), "shredder", 1);
        List<Runnable> slow = new ArrayList<>();
        bench.workers = slow::add;
        SpoolId second = send(SentCopy.in("ann", "Sent"), "bob@example.org");
        bench.advance(Duration.ofSeconds(59));
        assertThat(slow).hasSize(1);
        bench.advance(Duration.ofSeconds(20));
        bench.workers = Runnable::run;
        slow.forEach(Runnable::run);
        assertThat(in("Sent")).as("the late answer counts for nothing").hasSize(2);
        assertThat(bench.status(second).complete()).isTrue();
    }

    /** The store, but that it fails to record completions while told so. */
    private Bench withStoreThatFailsToComplete(boolean[] failing) {
        return bench.withStore((MessageStore) Proxy.newProxyInstance(
                MessageStore.class.getClassLoader(),
                new Class<?>[] {MessageStore.class},
                (proxy, method, arguments) -> {
                    if (failing[0] && method.getName().equals("settle") && ((Settlement) arguments[1]).complete()) {
                        return CompletableFuture.failedFuture(new IllegalStateException("power is out"));
                    }
                    try {
                        return method.invoke(bench.store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Test
    void a_crash_between_filing_and_completing_makes_no_second_copy() throws Exception {
        boolean[] failing = {true};
        withStoreThatFailsToComplete(failing).transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = send(SentCopy.in("ann", "Sent"), "bob@example.org");
        assertThat(in("Sent")).hasSize(1);
        assertThat(bench.status(id).complete()).isFalse();
        failing[0] = false;
        bench.advance(Duration.ofHours(2));
        assertThat(bench.status(id).complete()).isTrue();
        assertThat(in("Sent")).hasSize(1);
        assertThat(smtp.taken).hasSize(1);
    }

    @Test
    void a_message_is_not_complete_before_its_copy_is_kept() throws Exception {
        smtp.manual = true;
        bench.withStore().transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = send(SentCopy.in("ann", "Sent"), "bob@example.org");
        bench.store.condition(StoreStatus.Condition.FULL);
        smtp.open.get(0).complete(smtp.outcomes(smtp.taken.get(0)));
        bench.advance(Duration.ofMinutes(30));
        assertThat(bench.states(id)).containsExactly(RELAYED);
        assertThat(bench.status(id).complete()).isFalse();
        bench.store.condition(StoreStatus.Condition.AVAILABLE);
        bench.advance(Duration.ofMinutes(1));
        assertThat(bench.status(id).complete()).isTrue();
        assertThat(text(in("Sent").get(0))).isEqualTo("Subject: test\r\n\r\nhello\r\n");
    }

    @Test
    void what_is_cancelled_before_anything_was_sent_is_a_draft_again() throws Exception {
        bench.withStore().sentHook(hook("sent", Verdict.CONTINUE), "sent", 0);
        SpoolId whole = send(new SentCopy("ann", "Sent", true), "bob@example.org", "cleo@example.org");
        assertThat(bench.client.cancel(whole)).isEqualTo(Cancellation.CANCELLED);
        assertThat(bench.states(whole)).containsExactly(CANCELLED, CANCELLED);
        assertThat(bench.status(whole).complete()).isTrue();
        assertThat(in(Mailboxes.DRAFTS))
                .singleElement()
                .satisfies(entry -> assertThat(text(entry)).isEqualTo("Subject: test\r\n\r\nhello\r\n"));
        assertThat(ran).as("nothing was sent").isEmpty();

        bench.transport(smtp, "smtp", 0, "SMTP:bob@example.org");
        SpoolId half = send(SentCopy.in("ann", "Sent"), "bob@example.org", "cleo@example.org");
        assertThat(bench.client.cancel(half)).isEqualTo(Cancellation.CANCELLED);
        assertThat(bench.states(half)).containsExactly(RELAYED, CANCELLED);
        assertThat(in("Sent")).hasSize(1);
        assertThat(in(Mailboxes.DRAFTS)).hasSize(1);
    }

    @Test
    void what_a_preprocessor_discards_leaves_no_copy() throws Exception {
        bench.hook(message -> new Decision.Discard(), "veto", 0);
        bench.withStore().transport(smtp, "smtp", 0, "SMTP");
        SpoolId id = send(SentCopy.in("ann", "Sent"), "bob@example.org");
        assertThat(bench.states(id)).containsExactly(CANCELLED);
        assertThat(bench.status(id).complete()).isTrue();
        assertThat(bench.mailboxes.mailboxes()).isEmpty();
    }
}
