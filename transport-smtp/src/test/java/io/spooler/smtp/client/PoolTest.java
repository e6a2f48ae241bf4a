package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.TestConsignment;
import io.spooler.testkit.smtp.Action;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections: how many, how long, and what happens to them when settings change or the client stops. */
class PoolTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    private List<CompletableFuture<List<Outcome>>> beginMany(int count) {
        List<CompletableFuture<List<Outcome>>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(rig.begin(Rig.message().to("r" + i + "@example.org")));
        }
        return all;
    }

    private static void assertRelayed(List<CompletableFuture<List<Outcome>>> all) {
        for (CompletableFuture<List<Outcome>> one : all) {
            assertThat(Rig.await(one)).hasSize(1).allMatch(Outcome.Relayed.class::isInstance);
        }
    }

    @Test
    void usesAConnectionAgain() {
        for (int i = 0; i < 10; i++) {
            assertThat(rig.sendOne(Rig.message().to("ann@example.org"))).isInstanceOf(Outcome.Relayed.class);
        }
        assertThat(rig.peer.sessions()).hasSize(1);
    }

    @Test
    void keepsToTheConcurrency() {
        rig.apply("concurrency=3");
        assertRelayed(beginMany(500));
        assertThat(rig.peer.mails()).hasSize(500);
        assertThat(rig.peer.sessions()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void quitsAfterSoManyMessages() {
        rig.apply("max_messages_per_connection=2", "concurrency=1");
        assertRelayed(beginMany(5));
        assertThat(rig.peer.sessions()).hasSize(3);
        rig.peer.awaitCommand("QUIT");
    }

    @Test
    void quitsWhenIdle() {
        rig.apply("idle_timeout=100ms");
        rig.sendOne(Rig.message().to("ann@example.org"));
        rig.peer.awaitCommand("QUIT");
        rig.peer.awaitNoSession();
        assertThat(rig.sendOne(Rig.message().to("ann@example.org"))).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void noticesThatAnIdleConnectionWasClosed() {
        rig.peer.always("QUIT", Action.silence());
        rig.sendOne(Rig.message().to("ann@example.org"));
        rig.peer.sessions().forEach(session -> {
            try {
                session.write("421 4.3.2 going down\r\n");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        rig.peer.awaitNoSession();
        assertThat(rig.sendOne(Rig.message().to("ann@example.org"))).isInstanceOf(Outcome.Relayed.class);
        assertThat(rig.peer.sessions()).hasSize(2);
    }

    @Test
    void fewerConnectionsThanAllowedAreEnoughWhereTheServerWantsNoMore() {
        AtomicInteger connections = new AtomicInteger();
        rig.peer.on(
                "CONNECT",
                line -> connections.incrementAndGet() == 1
                        ? Action.reply("220 first")
                        : Action.lastly("421 4.7.0 too many connections"));
        CompletableFuture<Void> gate = new CompletableFuture<>();
        rig.peer.always("MAIL", Action.after(gate, Action.reply("250 ok")));
        List<CompletableFuture<List<Outcome>>> all = beginMany(1);
        rig.peer.awaitCommand("MAIL");
        all.addAll(beginMany(5));
        rig.peer.awaitSessions(6);
        gate.complete(null);
        assertRelayed(all);
        assertThat(rig.client.status().condition()).isEqualTo(Condition.AVAILABLE);
    }

    @Test
    void whatWaitsIsDeferredWithTheFirstRefusal() {
        rig.apply("concurrency=1");
        rig.peer.always("CONNECT", Action.lastly("421 4.3.2 not now"));
        for (CompletableFuture<List<Outcome>> one : beginMany(20)) {
            assertThat(Rig.await(one)).hasSize(1).allMatch(Outcome.Deferred.class::isInstance);
        }
    }

    @Test
    void whatWaitsTooLongIsDeferred() {
        rig.apply("concurrency=1");
        rig.peer.always("MAIL", Action.silence());
        CompletableFuture<List<Outcome>> first = rig.begin(Rig.message().to("ann@example.org"));
        rig.peer.awaitCommand("MAIL");
        assertThat(rig.sendOne(Rig.message().to("bob@example.org").within(Duration.ofMillis(500))))
                .isInstanceOf(Outcome.Deferred.class);
        assertThat(first).isNotDone();
    }

    @Test
    void whatWaitsCanBeCancelled() {
        rig.apply("concurrency=1");
        rig.peer.always("MAIL", Action.silence());
        CompletableFuture<List<Outcome>> first = rig.begin(Rig.message().to("ann@example.org"));
        TestConsignment second = Rig.message().to("bob@example.org");
        CompletableFuture<List<Outcome>> answer = rig.begin(second);
        second.cancel();
        assertThat(Rig.await(answer)).containsExactly(new Outcome.NotMine());
        assertThat(first).isNotDone();
    }

    @Test
    void newSettingsTakeOverWhatWaits() {
        rig.apply("concurrency=1");
        CompletableFuture<Void> gate = new CompletableFuture<>();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        rig.peer.on(".", line -> {
            asked.complete(null);
            return Action.after(gate, Action.reply("250 2.0.0 first"));
        });
        List<CompletableFuture<List<Outcome>>> all = beginMany(10);
        Rig.await(asked); // Not before: another one could be taken for the first.
        rig.peer.on(".", "250 2.0.0 other");
        rig.apply("helo=new.test");
        assertRelayed(all.subList(1, 10));
        assertThat(all.get(0)).isNotDone();
        gate.complete(null);
        assertRelayed(all);
        assertThat(rig.peer.commands()).contains("EHLO new.test");
        assertThat(rig.peer.mails()).hasSize(10);
    }

    @Test
    void newSettingsTakeOverWhatOnlyConnects() {
        rig.peer.always("CONNECT", Action.silence());
        CompletableFuture<List<Outcome>> answer = rig.begin(Rig.message().to("ann@example.org"));
        rig.peer.awaitSessions(1);
        rig.peer.on("CONNECT", "220 ready");
        rig.apply();
        assertThat(Rig.await(answer).get(0)).isInstanceOf(Outcome.Relayed.class);
    }

    @Test
    void stoppingLetsTheLastOnesFinish() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        rig.apply("concurrency=1");
        rig.peer.always(".", Action.after(gate, Action.reply("250 2.0.0 taken")));
        List<CompletableFuture<List<Outcome>>> all = beginMany(3);
        rig.peer.awaitMails(1);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(rig::stop);
        assertThat(Rig.await(all.get(2))).containsExactly(new Outcome.NotMine());
        gate.complete(null);
        Rig.await(stopped);
        assertThat(Rig.await(all.get(0)).get(0)).isInstanceOf(Outcome.Relayed.class);
        assertThat(Rig.await(all.get(1))).containsExactly(new Outcome.NotMine());
        rig.peer.awaitNoSession();
    }

    @Test
    void stoppingEndsWhatDoesNotFinish() {
        rig.peer
                .extensions("SIZE")
                .on("RCPT", line -> line.contains("r0@") ? Action.silence() : Action.reply("250 2.1.5 ok"));
        rig.peer.always(".", Action.silence());
        List<CompletableFuture<List<Outcome>>> all = beginMany(2);
        rig.peer.awaitMails(1);
        rig.peer.awaitCommand("RCPT TO:<r0@");
        rig.stop();
        assertThat(Rig.await(all.get(0))).containsExactly(new Outcome.NotMine());
        Outcome.Deferred unknown = (Outcome.Deferred) Rig.await(all.get(1)).get(0);
        assertThat(unknown.reply().text()).contains("possible duplicate");
    }

    @Test
    void validateLooksBesideTheTraffic() {
        rig.apply("concurrency=1");
        rig.peer.always("MAIL", Action.silence());
        CompletableFuture<List<Outcome>> traffic = rig.begin(Rig.message().to("ann@example.org"));
        rig.peer.awaitCommand("MAIL");
        TransportStatus status = Rig.await(rig.client.validate());
        assertThat(status.condition()).isEqualTo(Condition.AVAILABLE);
        assertThat(status.text()).contains("session established");
        assertThat(traffic).isNotDone();
        rig.peer.awaitCommand("QUIT");
    }

    @Test
    void statusTellsTheLastSuccess() {
        rig.sendOne(Rig.message().to("ann@example.org"));
        assertThat(rig.client.status().text()).contains("250 2.0.0 taken");
        rig.peer.always("CONNECT", Action.lastly("421 4.3.2 not now"));
        assertThat(Rig.await(rig.client.validate()).condition()).isEqualTo(Condition.OFFLINE);
    }
}
