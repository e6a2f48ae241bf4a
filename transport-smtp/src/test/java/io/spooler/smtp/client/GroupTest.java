package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Reply;
import io.spooler.testkit.TestConsignment;
import io.spooler.testkit.smtp.Action;
import io.spooler.transport.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of one message and the beginning of the next in one group (RFC 2920 section 3.1). */
class GroupTest {

    private final Rig rig = new Rig("concurrency=1");
    private final CompletableFuture<Void> gate = new CompletableFuture<>();

    @BeforeEach
    void warmUp() {
        assertThat(rig.sendOne(Rig.message().to("first@example.org"))).isInstanceOf(Outcome.Relayed.class);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private static TestConsignment to(String name) {
        return Rig.message().to(name + "@example.org");
    }

    /** The dot of the next message is answered so, those behind it as usual. */
    private void next(Action answer) {
        AtomicInteger dots = new AtomicInteger();
        rig.peer.on(".", line -> dots.incrementAndGet() == 1 ? answer : Action.reply("250 2.0.0 taken"));
    }

    private List<String> recipients() {
        return rig.peer.mails().stream().flatMap(mail -> mail.to().stream()).toList();
    }

    @Test
    void theCommandsOfTheNextGoBehindTheContent() {
        AtomicInteger dots = new AtomicInteger();
        rig.peer.on(".", line -> {
            Action taken = Action.reply("250 2.0.0 taken");
            return dots.incrementAndGet() < 5 ? Action.afterMore(taken) : taken;
        });
        List<CompletableFuture<List<Outcome>>> all = List.of("a", "b", "c", "d", "e").stream()
                .map(name -> rig.begin(to(name)))
                .toList();
        all.forEach(one -> assertThat(Rig.await(one)).hasSize(1).allMatch(Outcome.Relayed.class::isInstance));
        assertThat(rig.peer.sessions()).hasSize(1);
        assertThat(recipients())
                .containsExactly(
                        "RCPT TO:<first@example.org>",
                        "RCPT TO:<a@example.org>",
                        "RCPT TO:<b@example.org>",
                        "RCPT TO:<c@example.org>",
                        "RCPT TO:<d@example.org>",
                        "RCPT TO:<e@example.org>");
    }

    @Test
    void aRefusedMessageDoesNotHarmTheNext() {
        next(Action.afterMore(Action.reply("554 5.7.1 no")));
        CompletableFuture<List<Outcome>> a = rig.begin(to("a"));
        CompletableFuture<List<Outcome>> b = rig.begin(to("b"));
        assertThat(Rig.await(a)).containsExactly(new Outcome.Failed(new Reply("5.7.1", "554 5.7.1 no")));
        assertThat(Rig.await(b).get(0)).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void aNextOneThatIsRefusedDoesNotHarmThePresent() {
        rig.peer.on("RCPT", line -> Action.reply(line.contains("<b@") ? "550 5.1.1 no" : "250 2.1.5 ok"));
        next(Action.afterMore(Action.reply("250 2.0.0 taken")));
        CompletableFuture<List<Outcome>> a = rig.begin(to("a"));
        CompletableFuture<List<Outcome>> b = rig.begin(to("b"));
        CompletableFuture<List<Outcome>> c = rig.begin(to("c"));
        assertThat(Rig.await(a).get(0)).isInstanceOf(Outcome.Relayed.class);
        assertThat(Rig.await(b)).containsExactly(new Outcome.Failed(new Reply("5.1.1", "550 5.1.1 no")));
        assertThat(Rig.await(c).get(0)).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void onlyThePresentOneIsUncertainWhenTheConnectionIsLost() {
        next(Action.afterMore(Action.drop()));
        CompletableFuture<List<Outcome>> a = rig.begin(to("a"));
        CompletableFuture<List<Outcome>> b = rig.begin(to("b"));
        assertThat(((Outcome.Deferred) Rig.await(a).get(0)).reply().text()).contains("possible duplicate");
        assertThat(Rig.await(b).get(0)).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(2);
    }

    @Test
    void aServerThatFailsOnGroupsGetsNoMoreOfThem() {
        next(Action.afterMore(Action.drop()));
        List.of(rig.begin(to("a")), rig.begin(to("b"))).forEach(Rig::await);
        AtomicInteger behind = new AtomicInteger();
        rig.peer.always(".", session -> {
            behind.addAndGet(session.hasInput() ? 1 : 0);
            Action.reply("250 2.0.0 taken").act(session);
        });
        rig.peer.always("DATA", Action.after(gate, Action.reply("354 go ahead")));
        List<CompletableFuture<List<Outcome>>> all =
                List.of(rig.begin(to("c")), rig.begin(to("d")), rig.begin(to("e")));
        // All are here before the first content goes.
        gate.complete(null);
        all.forEach(Rig::await);
        assertThat(behind).hasValue(0);
        assertThat(recipients()).hasSize(6);
    }

    @Test
    void aNextOneThatIsCancelledIsNotSent() {
        AtomicInteger senders = new AtomicInteger();
        // Whoever takes the session of the cancelled one hears no more.
        rig.peer.on("MAIL", line -> senders.incrementAndGet() == 2 ? Action.silence() : Action.reply("250 2.1.0 ok"));
        next(Action.afterMore(Action.after(gate, Action.reply("250 2.0.0 taken"))));
        CompletableFuture<List<Outcome>> a = rig.begin(to("a"));
        TestConsignment b = to("b");
        CompletableFuture<List<Outcome>> answer = rig.begin(b);
        rig.peer.awaitMails(2);
        b.cancel();
        assertThat(Rig.await(answer)).containsExactly(new Outcome.NotMine());
        assertThat(a).isNotDone();
        CompletableFuture<List<Outcome>> c = rig.begin(to("c"));
        gate.complete(null);
        assertThat(Rig.await(a).get(0)).isInstanceOf(Outcome.Relayed.class);
        assertThat(Rig.await(c).get(0)).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.mails()).hasSize(3);
        assertThat(recipients()).doesNotContain("RCPT TO:<b@example.org>").contains("RCPT TO:<c@example.org>");
    }

    @Test
    void newSettingsTakeOverTheNextOne() {
        next(Action.afterMore(Action.after(gate, Action.reply("250 2.0.0 taken"))));
        CompletableFuture<List<Outcome>> a = rig.begin(to("a"));
        CompletableFuture<List<Outcome>> b = rig.begin(to("b"));
        rig.peer.awaitMails(2);
        rig.apply("helo=new.test");
        assertThat(Rig.await(b).get(0)).isInstanceOf(Outcome.Relayed.class);
        assertThat(a).isNotDone();
        gate.complete(null);
        assertThat(Rig.await(a).get(0)).isInstanceOf(Outcome.Relayed.class);
        assertThat(recipients()).hasSize(3);
    }

    @Test
    void stoppingHandsTheNextOneBack() {
        next(Action.afterMore(Action.after(gate, Action.reply("250 2.0.0 taken"))));
        CompletableFuture<List<Outcome>> a = rig.begin(to("a"));
        CompletableFuture<List<Outcome>> b = rig.begin(to("b"));
        rig.peer.awaitMails(2);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(rig::stop);
        assertThat(Rig.await(b)).containsExactly(new Outcome.NotMine());
        gate.complete(null);
        Rig.await(stopped);
        assertThat(Rig.await(a).get(0)).isInstanceOf(Outcome.Relayed.class);
        assertThat(recipients()).hasSize(2);
    }

    @Test
    void withoutPipeliningEachWaits() {
        rig.close();
        try (Rig other = new Rig("concurrency=1")) {
            other.peer.extensions("8BITMIME");
            List<CompletableFuture<List<Outcome>>> all = List.of("a", "b", "c").stream()
                    .map(name -> other.begin(to(name)))
                    .toList();
            all.forEach(one -> assertThat(Rig.await(one)).allMatch(Outcome.Relayed.class::isInstance));
            assertThat(other.peer.sessions()).hasSize(1);
            assertThat(other.peer.sessions().get(0).wasPipelined()).isFalse();
        }
    }
}
