package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.smtp.Action;
import io.spooler.testkit.smtp.Mail;
import io.spooler.testkit.smtp.Session;
import io.spooler.transport.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All destinations together have no more connections than is set, and each of them has its share. */
class RoomTest {

    private final Rig rig = new Rig();
    private final TestDns dns;
    /** How many connections were open, counting the new one, whenever one came. */
    private final List<Long> open = new CopyOnWriteArrayList<>();

    RoomTest() throws IOException {
        dns = new TestDns();
    }

    @BeforeEach
    void goDirect() throws IOException {
        for (String domain : List.of("a.test", "b.test", "c.test", "d.test")) {
            dns.address(domain, "127.0.0.1");
        }
        rig.peer.on("CONNECT", line -> {
            // One that has said good-bye may not be closed yet on the side of the peer.
            open.add(1 + rig.peer.sessions().stream().filter(RoomTest::isOpen).count());
            return Action.reply("220 ready");
        });
    }

    private static boolean isOpen(Session session) {
        List<String> commands = session.commands();
        return !session.isClosed() && !commands.isEmpty() && !commands.contains("QUIT");
    }

    @AfterEach
    void close() {
        rig.close();
        dns.close();
    }

    private void apply(int all, int each) {
        rig.apply(
                "host=",
                "direct=true",
                "dns=127.0.0.1:" + dns.port(),
                "concurrency=" + all,
                "destination_concurrency=" + each);
    }

    private List<CompletableFuture<List<Outcome>>> begin(String domain, int count) {
        List<CompletableFuture<List<Outcome>>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(rig.begin(Rig.message().to("r" + i + "@" + domain)));
        }
        return all;
    }

    private static void assertRelayed(List<CompletableFuture<List<Outcome>>> all) {
        all.forEach(one -> assertThat(Rig.await(one)).hasOnlyElementsOfType(Outcome.Relayed.class));
    }

    private List<String> domains() {
        return rig.peer.mails().stream()
                .map(Mail::to)
                .map(to -> to.get(0).replaceFirst(".*@(.*)>.*", "$1"))
                .toList();
    }

    @Test
    void anIdleConnectionMakesRoom() {
        apply(1, 5);
        assertRelayed(begin("a.test", 1));
        assertRelayed(begin("b.test", 1));
        assertRelayed(begin("a.test", 1));
        assertThat(open).containsExactly(1L, 1L, 1L);
    }

    @Test
    void aDestinationWaitsForAnother() {
        apply(1, 5);
        CompletableFuture<Void> gate = new CompletableFuture<>();
        rig.peer.on(
                "RCPT",
                line -> line.contains("a.test")
                        ? Action.after(gate, Action.reply("250 2.1.5 ok"))
                        : Action.reply("250 2.1.5 ok"));
        List<CompletableFuture<List<Outcome>>> all = begin("a.test", 1);
        rig.peer.awaitCommand("RCPT");
        all.addAll(begin("b.test", 3));
        gate.complete(null);
        assertRelayed(all);
        assertThat(open).containsExactly(1L, 1L);
        assertThat(domains()).containsExactly("a.test", "b.test", "b.test", "b.test");
    }

    @Test
    void whoHasMuchLeavesAfterItsShareToWhoWaits() {
        apply(1, 5);
        CompletableFuture<Void> gate = new CompletableFuture<>();
        rig.peer.always("RCPT", Action.after(gate, Action.reply("250 2.1.5 ok")));
        List<CompletableFuture<List<Outcome>>> all = begin("a.test", 4 * Room.SHARE);
        all.addAll(begin("b.test", 2));
        all.addAll(begin("c.test", 1));
        gate.complete(null);
        assertRelayed(all);
        List<String> order = domains();
        assertThat(order.subList(0, Room.SHARE)).containsOnly("a.test");
        assertThat(order.subList(Room.SHARE, Room.SHARE + 3)).containsExactly("b.test", "b.test", "c.test");
        assertThat(order.subList(Room.SHARE + 3, order.size())).containsOnly("a.test");
        assertThat(open).containsOnly(1L).hasSize(4);
    }

    @Test
    void whoHasFewestComesFirst() {
        apply(3, 5);
        CompletableFuture<Void> gate = new CompletableFuture<>();
        rig.peer.always("RCPT", Action.after(gate, Action.reply("250 2.1.5 ok")));
        List<CompletableFuture<List<Outcome>>> all = begin("a.test", 6 * Room.SHARE);
        rig.peer.awaitSessions(3);
        all.addAll(begin("b.test", 20));
        all.addAll(begin("c.test", 20));
        all.addAll(begin("d.test", 20));
        gate.complete(null);
        assertRelayed(all);
        assertThat(open).allMatch(count -> count <= 3);
        List<String> order = domains();
        for (String other : List.of("b.test", "c.test", "d.test")) {
            assertThat(order.indexOf(other)).as(other).isLessThan(order.lastIndexOf("a.test"));
        }
    }

    @Test
    void whoHasASessionKeepsRoomBesideThoseThatHaveNone() throws IOException {
        apply(8, 1);
        assertRelayed(begin("a.test", 1));
        rig.peer.always("CONNECT", Action.silence());
        List<CompletableFuture<List<Outcome>>> silent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            dns.address("silent" + i + ".test", "127.0.0.1");
            silent.addAll(begin("silent" + i + ".test", 1));
        }
        rig.peer.awaitSessions(8);
        assertRelayed(begin("a.test", 3 * Room.SHARE));
        assertThat(rig.peer.sessions()).hasSize(8);
        assertThat(silent).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void whoWaitedInVainMayComeAgain() {
        apply(1, 5);
        CompletableFuture<Void> gate = new CompletableFuture<>();
        rig.peer.always("MAIL", Action.after(gate, Action.reply("250 2.1.0 ok")));
        List<CompletableFuture<List<Outcome>>> first = begin("a.test", 1);
        rig.peer.awaitCommand("MAIL");
        Outcome.Deferred late =
                (Outcome.Deferred) rig.sendOne(Rig.message().to("bob@b.test").within(Duration.ofMillis(300)));
        assertThat(late.reply().status()).isEqualTo("4.4.5");
        gate.complete(null);
        assertRelayed(first);
        assertRelayed(begin("b.test", 1));
        assertThat(open).containsExactly(1L, 1L);
    }
}
