package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.TestConsignment;
import io.spooler.transport.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two hundred destinations that take connections and never say a word, beside one that works. */
class TarpitTest {

    private static final int TARPITS = 200;
    private static final int COUNT = 3_000;
    private static final int TOGETHER = 10;

    private final Rig rig = new Rig();
    private final TestDns dns;
    private final ServerSocket tarpit;
    private final List<TestConsignment> stuck = new ArrayList<>();

    TarpitTest() throws IOException {
        dns = new TestDns();
        // The system takes the connections, nobody else does.
        tarpit = new ServerSocket(rig.peer.port(), 2 * TARPITS, InetAddress.getByName("127.0.0.2"));
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
        dns.close();
        tarpit.close();
    }

    @Test
    void doNotSlowAHealthyOne() throws IOException {
        dns.address("healthy.test", "127.0.0.1");
        rig.apply("host=", "direct=true", "dns=127.0.0.1:" + dns.port());
        seconds();
        double before = seconds();
        List<CompletableFuture<List<Outcome>>> waiting = sink();
        // All are looked up and connected to meanwhile: that is work of its own.
        seconds();
        double beside = seconds();
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        stuck.forEach(TestConsignment::cancel);
        waiting.forEach(Rig::await);
        double share = (before + seconds()) / 2 / beside;
        // About one on an idle machine. On a busy one the speed alone changes by half from second to second.
        assertThat(share).as("share of its own speed").isGreaterThan(0.3);
    }

    private List<CompletableFuture<List<Outcome>>> sink() throws IOException {
        List<CompletableFuture<List<Outcome>>> waiting = new ArrayList<>();
        for (int i = 0; i < TARPITS; i++) {
            dns.address("tarpit" + i + ".test", "127.0.0.2");
            TestConsignment one = Rig.message().to("ann@tarpit" + i + ".test");
            stuck.add(one);
            waiting.add(rig.begin(one));
        }
        return waiting;
    }

    /** For a number of messages to the healthy one. */
    private double seconds() {
        long start = System.nanoTime();
        List<CompletableFuture<List<Outcome>>> window = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            window.add(rig.begin(Rig.message().to("ann@healthy.test")));
            if (window.size() == TOGETHER) {
                assertThat(Rig.await(window.remove(0)).get(0)).isInstanceOf(Outcome.Relayed.class);
            }
        }
        window.forEach(Rig::await);
        return (System.nanoTime() - start) / 1e9;
    }
}
