package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Reply;
import io.spooler.testkit.TestConsignment;
import io.spooler.testkit.smtp.Action;
import io.spooler.transport.Outcome;
import io.spooler.transport.Outcome.Scope;
import io.spooler.transport.TransportStatus.Condition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server, or the way to it, does wrong, and how it counts. */
class FailureTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private Outcome.Deferred deferred() {
        return (Outcome.Deferred) rig.sendOne(Rig.message().to("ann@example.org"));
    }

    @Test
    void refusedConnectionIsOfTheLane() {
        rig.peer.refuse();
        Outcome.Deferred outcome = deferred();
        assertThat(outcome.scope()).isEqualTo(Scope.LANE);
        assertThat(outcome.reply().status()).isEqualTo("4.4.1");
        assertThat(rig.client.status().condition()).isEqualTo(Condition.OFFLINE);
        assertThat(rig.client.status().text()).contains("refused");
    }

    @Test
    void unknownHostIsOfTheLane() {
        rig.apply("host=host.invalid");
        Outcome.Deferred outcome = deferred();
        assertThat(outcome.scope()).isEqualTo(Scope.LANE);
        assertThat(outcome.reply().status()).isEqualTo("4.4.3");
        assertThat(outcome.reply().text()).contains("host.invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"421 4.3.2 not now", "554 5.3.2 never", "450 4.0.0 hm"})
    void refusedGreetingIsOfTheLane(String greeting) {
        rig.peer.always("CONNECT", Action.lastly(greeting));
        Outcome.Deferred outcome = deferred();
        assertThat(outcome.scope()).isEqualTo(Scope.LANE);
        assertThat(outcome.reply().text()).contains(greeting);
        assertThat(outcome.reply().status()).startsWith("4.");
    }

    @Test
    void silentGreetingEndsInTime() {
        rig.apply("reply_timeout=200ms");
        rig.peer.always("CONNECT", Action.silence());
        Outcome.Deferred outcome = deferred();
        assertThat(outcome.scope()).isEqualTo(Scope.LANE);
        assertThat(outcome.reply().text()).contains("in time");
    }

    @Test
    void fallsBackToHelo() {
        rig.peer.on("EHLO", "502 5.5.1 what");
        assertThat(rig.sendOne(Rig.message().to("ann@example.org"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.commands())
                .startsWith("EHLO client.test", "HELO client.test", "MAIL FROM:<sender@example.org>");
        assertThat(rig.peer.sessions().get(0).wasPipelined()).isFalse();
    }

    @Test
    void takesRepliesWithoutText() {
        rig.peer.on("MAIL", "250").on("RCPT", "250").on(".", "250");
        assertThat(rig.sendOne(Rig.message().to("ann@example.org")))
                .isEqualTo(new Outcome.Relayed(new Reply("2.0.0", "250"), true));
    }

    @Test
    void aClosingServerIsOfTheLane() {
        rig.peer.always("RCPT", Action.lastly("421 4.3.2 shutting down"));
        assertThat(deferred()).isEqualTo(Outcome.Deferred.lane(new Reply("4.3.2", "421 4.3.2 shutting down")));
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void lostInTheContentIsDeferred() {
        rig.peer.always("DATA", Action.dropInData(1_000_000));
        byte[] content = new byte[10_000_000];
        Outcome.Deferred outcome =
                (Outcome.Deferred) rig.sendOne(TestConsignment.of(content).to("ann@example.org"));
        assertThat(outcome.scope()).isEqualTo(Scope.MESSAGE);
        assertThat(outcome.reply().text()).doesNotContain("duplicate");
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void lostAfterTheDotIsUnknown() {
        rig.peer.always(".", Action.drop());
        Outcome.Deferred outcome = deferred();
        assertThat(outcome.scope()).isEqualTo(Scope.MESSAGE);
        assertThat(outcome.reply().status()).isEqualTo("4.4.2");
        assertThat(outcome.reply().text()).contains("possible duplicate");
        assertThat(rig.peer.mails()).hasSize(1);
    }

    @Test
    void silenceAfterTheDotIsUnknown() {
        rig.apply("reply_timeout=300ms");
        rig.peer.always(".", Action.silence());
        assertThat(deferred().reply().text()).contains("possible duplicate");
    }

    @Test
    void refusalsBeforeTheLossAreKept() {
        rig.peer.on("RCPT", "550 5.1.1 no", "250 ok").always(".", Action.drop());
        List<Outcome> outcomes = rig.send(Rig.message().to("a@example.org", "b@example.org"));
        assertThat(outcomes.get(0)).isEqualTo(new Outcome.Failed(new Reply("5.1.1", "550 5.1.1 no")));
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Deferred.class);
    }

    @Test
    void anEndlessLineIsCutOff() {
        rig.peer.always("MAIL", Action.endless("250-", "x"));
        assertThat(deferred().reply().text()).contains("longer than");
        rig.peer.awaitNoSession();
    }

    @Test
    void anEndlessReplyIsCutOff() {
        rig.peer.always("EHLO", Action.endless("", "250-x\r\n"));
        assertThat(deferred().scope()).isEqualTo(Scope.LANE);
        rig.peer.awaitNoSession();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 400 Bad Request", "25", "999 x", "250?x", "150 x"})
    void whatIsNoReplyEndsTheConnection(String line) {
        rig.peer.on("MAIL", line);
        assertThat(deferred().reply().text()).contains("not an SMTP reply");
    }

    @Test
    void controlCharactersDoNotGetThrough() {
        rig.peer.on("RCPT", "550 5.1.1 \u001b[2Jred\u0007");
        Outcome.Failed outcome = (Outcome.Failed) rig.sendOne(Rig.message().to("ann@example.org"));
        assertThat(outcome.reply().text()).isEqualTo("550 5.1.1  [2Jred");
    }

    @Test
    void aStaleConnectionIsReplacedUnseen() {
        AtomicInteger mails = new AtomicInteger();
        rig.peer.on("MAIL", line -> mails.incrementAndGet() == 2 ? Action.drop() : Action.reply("250 2.1.0 fine"));
        assertThat(rig.sendOne(Rig.message().to("ann@example.org"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.sendOne(Rig.message().to("bob@example.org"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(2);
        assertThat(rig.peer.mails()).hasSize(2);
    }

    @Test
    void aServerThatLeavesAnIdleConnectionIsAskedAgain() {
        AtomicInteger mails = new AtomicInteger();
        rig.peer.on(
                "MAIL",
                line -> mails.incrementAndGet() == 2
                        ? Action.lastly("421 4.4.2 idle for too long")
                        : Action.reply("250 2.1.0 fine"));
        assertThat(rig.sendOne(Rig.message().to("ann@example.org"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.sendOne(Rig.message().to("bob@example.org"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(2);
    }

    @Test
    void aFreshConnectionThatIsLostIsNotTriedAgain() {
        rig.peer.always("MAIL", Action.drop());
        assertThat(deferred().scope()).isEqualTo(Scope.LANE);
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void cancelBeforeTheDotHandsBack() {
        rig.peer.always("MAIL", Action.silence());
        TestConsignment consignment = Rig.message().to("ann@example.org");
        CompletableFuture<List<Outcome>> answer = rig.begin(consignment);
        rig.peer.awaitCommand("MAIL");
        consignment.cancel();
        assertThat(Rig.await(answer)).containsExactly(new Outcome.NotMine());
        rig.peer.awaitNoSession();
        assertThat(rig.client.status().condition()).isEqualTo(Condition.AVAILABLE);
    }

    @Test
    void cancelAfterTheDotWaits() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        rig.peer.always(".", Action.after(gate, Action.reply("250 2.0.0 taken")));
        TestConsignment consignment = Rig.message().to("ann@example.org");
        CompletableFuture<List<Outcome>> answer = rig.begin(consignment);
        rig.peer.awaitMails(1);
        consignment.cancel();
        gate.complete(null);
        assertThat(Rig.await(answer).get(0)).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void cancelInTheContentAborts() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        rig.peer.always("DATA", session -> {
            Action.reply("354 go ahead").act(session);
            Action.after(gate, Action.nothing()).act(session);
        });
        TestConsignment consignment = TestConsignment.of(new byte[40_000_000]).to("ann@example.org");
        CompletableFuture<List<Outcome>> answer = rig.begin(consignment);
        rig.peer.awaitCommand("DATA");
        consignment.cancel();
        assertThat(Rig.await(answer)).containsExactly(new Outcome.NotMine());
        gate.complete(null);
        rig.peer.awaitNoSession();
        assertThat(rig.peer.mails()).isEmpty();
    }

    @Test
    void aDeadlineThatHasPassedIsAnswered() {
        rig.peer.always("CONNECT", Action.silence());
        Outcome outcome = rig.sendOne(Rig.message().to("ann@example.org").within(Duration.ofMillis(-1)));
        assertThat(outcome).isInstanceOf(Outcome.Deferred.class);
    }
}
