package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** Time limits, connection limits, and the end of a listener. */
@Timeout(60)
class SessionLimitsTest {

    private static final String CONTENT = "Subject: x\r\n\r\nhello\r\n.\r\n";

    private Rig rig = new Rig("command_timeout", "300ms", "max_connections", "3", "max_connections_per_client", "2");

    @AfterEach
    void close() {
        rig.close();
    }

    private void settings(String... settings) {
        rig.close();
        rig = new Rig(settings);
    }

    @Test
    void aSilentClientIsClosed() throws Exception {
        try (RawClient client = rig.connect().greet()) {
            assertThat(client.reply()).startsWith("421 4.4.2");
            assertThat(client.reply()).isEmpty();
        }
    }

    @Test
    void halfACommandIsNoProgress() throws Exception {
        try (RawClient client = rig.connect().greet()) {
            client.send("NO");
            assertThat(client.reply()).startsWith("421 4.4.2");
        }
    }

    @Test
    void contentThatStopsIsClosed() throws Exception {
        try (RawClient client = rig.connect().greet()) {
            client.ask("MAIL FROM:<bob@example.org>");
            client.ask("RCPT TO:<ann@spooler.local>");
            client.ask("DATA");
            client.send("Subject: x\r\n");
            assertThat(client.reply()).startsWith("421 4.4.2");
        }
        assertThat(rig.fake.abandoned).hasValue(1);
    }

    @Test
    void theStoreMayTakeLonger() throws Exception {
        rig.fake.holdCommits();
        try (RawClient client = rig.connect().greet()) {
            CompletableFuture<String> reply = inBackground(() -> client.mail(CONTENT));
            FakeSpooler.Committed message = rig.fake.next();
            CompletableFuture.delayedExecutor(700, TimeUnit.MILLISECONDS)
                    .execute(() -> message.answer().complete(message.id()));
            assertThat(reply.get(10, TimeUnit.SECONDS)).startsWith("250 2.0.0 queued");
        }
    }

    /** The common pool has one thread only on a machine with two cores. */
    private static void own(Runnable task) {
        new Thread(task, "background").start();
    }

    private static <T> CompletableFuture<T> inBackground(ThrowingSupplier<T> task) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return task.get();
                    } catch (Throwable e) {
                        throw new java.util.concurrent.CompletionException(e);
                    }
                },
                SessionLimitsTest::own);
    }

    @Test
    void oneClientHasSoManyConnections() throws Exception {
        settings("max_connections_per_client", "2");
        try (RawClient one = rig.connect().greet();
                RawClient two = rig.connect().greet();
                RawClient three = rig.connect()) {
            assertThat(three.reply()).startsWith("421 4.7.0");
            assertThat(three.reply()).isEmpty();
            assertThat(one.ask("QUIT")).startsWith("221");
            assertThat(two.ask("NOOP")).startsWith("250");
            try (RawClient next = rig.connect()) {
                assertThat(next.reply()).as("the place of the one that left").startsWith("220");
            }
        }
    }

    @Test
    void fiftyUnlessTheSettingsSayOtherwise() throws Exception {
        ListenerSettings defaults = ListenerSettings.read(Listener.PID, Map.of());
        Sessions sessions = new Sessions();
        List<QuietSession> open = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            open.add(new QuietSession(defaults, sessions, rig.fake, Ticker.newMockTicker()));
        }
        assertThat(open).allMatch(session -> session.answers().startsWith("220 "));
        QuietSession next = new QuietSession(defaults, sessions, rig.fake, Ticker.newMockTicker());
        assertThat(next.answers()).isEqualTo("421 4.7.0 too many connections, try again later\r\n");
        assertThat(next.isOpen()).isFalse();
    }

    @Test
    void aClientIsAnAddressOrASlash64() throws Exception {
        settings("max_connections_per_client", "2", "proxy_networks", "127.0.0.1");
        assertThat(banners("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", "2001:db8:0:1::3", "2001:db8:0:2::1"))
                .as("the third of one /64 is one too many, the fourth of another")
                .containsExactly("220", "220", "421", "220");
        assertThat(banners("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"))
                .as("an IPv4 address is one by itself")
                .containsExactly("220", "220", "421", "220");
    }

    /** What clients hear that come one after the other and stay, by way of a load balancer. */
    private List<String> banners(String... addresses) throws Exception {
        List<RawClient> open = new ArrayList<>();
        List<String> codes = new ArrayList<>();
        try {
            for (String address : addresses) {
                String family = address.contains(":") ? "TCP6 " + address + " ::1" : "TCP4 " + address + " 127.0.0.1";
                RawClient client = rig.connect().send("PROXY " + family + " 5000 25\r\n");
                open.add(client);
                codes.add(client.reply().substring(0, 3));
            }
        } finally {
            for (RawClient client : open) {
                client.close();
            }
        }
        return codes;
    }

    @Test
    void allTogetherHaveSoMany() throws Exception {
        settings("max_connections", "1");
        try (RawClient one = rig.connect().greet();
                RawClient two = rig.connect()) {
            assertThat(two.reply()).startsWith("421 4.7.0");
            assertThat(one.ask("NOOP")).startsWith("250");
        }
    }

    @Test
    void newLimitsAreForNewSessions() throws Exception {
        settings("max_message_size", "1k");
        try (RawClient before = rig.connect().greet()) {
            rig.apply("max_message_size", "2k");
            assertThat(before.ask("MAIL FROM:<a@b.example> SIZE=1500")).startsWith("552");
            try (RawClient after = rig.connect().greet()) {
                assertThat(after.ask("MAIL FROM:<a@b.example> SIZE=1500")).startsWith("250");
            }
        }
    }

    @Test
    void idleSessionsAreToldWhenItCloses() throws Exception {
        settings();
        try (RawClient idle = rig.connect().greet()) {
            rig.listener.close();
            assertThat(idle.reply()).startsWith("421 4.3.2");
            assertThat(idle.reply()).isEmpty();
        }
    }

    @Test
    void aMessageInProgressMayEndWhenItCloses() throws Exception {
        settings();
        rig.fake.holdCommits();
        try (RawClient client = rig.connect().greet()) {
            CompletableFuture<String> reply = inBackground(() -> client.mail(CONTENT));
            FakeSpooler.Committed message = rig.fake.next();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(rig.listener::close, SessionLimitsTest::own);
            message.answer().complete(message.id());
            assertThat(reply.get(10, TimeUnit.SECONDS)).startsWith("250 2.0.0 queued");
            assertThat(client.reply())
                    .satisfiesAnyOf(
                            text -> assertThat(text).startsWith("421 4.3.2"),
                            text -> assertThat(text).isEmpty());
            closing.get(10, TimeUnit.SECONDS);
        }
        assertThat(rig.fake.accepted).hasSize(1);
    }

    @Test
    void aMessageThatDoesNotEndIsCutWhenItCloses() throws Exception {
        settings();
        try (RawClient client = rig.connect().greet()) {
            client.ask("MAIL FROM:<bob@example.org>");
            client.ask("RCPT TO:<ann@spooler.local>");
            client.ask("DATA");
            client.send("Subject: x\r\n");
            CompletableFuture.runAsync(rig.listener::close, SessionLimitsTest::own)
                    .get(10, TimeUnit.SECONDS);
            assertThat(client.reply()).isEmpty();
        }
        assertThat(rig.fake.accepted).isEmpty();
    }

    @Test
    void aClientThatDoesNotReadIsCut() throws Exception {
        try (RawClient greedy = rig.connect().greet()) {
            CompletableFuture<RawClient> sending = inBackground(() -> greedy.send("HELP\r\n".repeat(5_000_000)));
            sending.get(30, TimeUnit.SECONDS);
            assertThat(greedy.wasCut()).isTrue();
        }
    }
}
