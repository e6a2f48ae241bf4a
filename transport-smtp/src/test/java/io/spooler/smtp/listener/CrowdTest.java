package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A crowd of clients that send an octet a second, over the network, and what honest ones notice. Small in the build;
 * {@code -Dcrowd.clients=1000 -Dcrowd.messages=2000} measures, and says what it saw. What becomes of the crowd where room
 * is short is in {@link SlowClientsTest}.
 */
@Timeout(600)
class CrowdTest {

    private static final int CLIENTS = Integer.getInteger("crowd.clients", 100);
    private static final int MESSAGES = Integer.getInteger("crowd.messages", 50);
    private static final byte[] SLOW =
            "EHLO a\r\nMAIL FROM:<b@c.example>\r\nNOOP NOOP\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final String CONTENT = "Subject: x\r\n\r\n" + "hello hello\r\n".repeat(80) + ".\r\n";

    private final String room = "" + 2 * CLIENTS;
    private final Rig rig = new Rig("max_connections", room, "max_connections_per_client", room);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final List<SocketChannel> crowd = new ArrayList<>();
    private int second;

    @AfterEach
    void close() throws Exception {
        clock.shutdownNow();
        assertThat(clock.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        for (SocketChannel client : crowd) {
            client.close();
        }
        rig.close();
    }

    private void gather() throws Exception {
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), rig.port());
        for (int i = 0; i < CLIENTS; i++) {
            crowd.add(SocketChannel.open(server));
        }
        clock.scheduleAtFixedRate(this::sendOne, 0, 1, TimeUnit.SECONDS);
    }

    private void sendOne() {
        byte octet = SLOW[second++ % SLOW.length];
        for (SocketChannel client : crowd) {
            try {
                client.write(ByteBuffer.wrap(new byte[] {octet}));
            } catch (IOException closed) {
                throw new java.io.UncheckedIOException(closed);
            }
        }
    }

    /** How long honest clients take, each with a connection of its own; sorted, in microseconds. */
    private long[] honest() throws Exception {
        long[] micros = new long[MESSAGES];
        for (int i = 0; i < MESSAGES; i++) {
            long start = System.nanoTime();
            try (RawClient client = rig.connect().greet()) {
                assertThat(client.mail(CONTENT)).startsWith("250 2.0.0 queued");
                client.ask("QUIT");
            }
            micros[i] = (System.nanoTime() - start) / 1000;
            rig.fake.next();
        }
        rig.fake.accepted.clear();
        Arrays.sort(micros);
        return micros;
    }

    /** Resident memory of this process, both sides of all connections in it, in KiB. */
    private static long resident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no VmRSS");
    }

    private static String show(long[] micros) {
        return String.format(
                Locale.ROOT, "median %d us, p99 %d us", micros[micros.length / 2], micros[micros.length * 99 / 100]);
    }

    @Test
    void costsLittle() throws Exception {
        honest();
        long[] alone = honest();
        int threads = Thread.activeCount();
        System.gc();
        long before = resident();
        gather();
        long[] crowded = honest();
        long more = resident() - before;
        assertThat(Thread.activeCount())
                .as("threads, one of them the test's clock")
                .isLessThanOrEqualTo(threads + 1);
        assertThat(more).as("KiB of %d clients", CLIENTS).isLessThan(40 * 1024);
        assertThat(crowd).allMatch(SocketChannel::isConnected);
        if (CLIENTS > 100) {
            System.err.println(CLIENTS + " slow clients: +" + more + " KiB; alone " + show(alone) + "; crowded "
                    + show(crowded) + "; after " + second + " s");
        }
    }
}
