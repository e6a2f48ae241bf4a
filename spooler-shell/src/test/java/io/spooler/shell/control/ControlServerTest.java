package io.spooler.shell.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Server and client over a real socket, with commands made by hand. */
class ControlServerTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(60);

    private interface Command {
        int run(String command, PrintStream out, PrintStream err) throws Exception;
    }

    @TempDir
    private Path base;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private SocketPlace place;
    private ControlServer server;
    private volatile boolean inside;
    private volatile Command command = (text, o, e) -> 0;

    @BeforeEach
    void setPlace() {
        place = new SocketPlace(base);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private void start(int sessions, Duration patience, Duration grace) throws IOException {
        CommandRunner runner = new CommandRunner() {
            @Override
            public int run(String text, PrintStream o, PrintStream e) {
                try {
                    return command.run(text, o, e);
                } catch (Exception x) {
                    return 99;
                }
            }

            @Override
            public boolean isInside() {
                return inside;
            }
        };
        server = new ControlServer(place, runner, new ControlServer.Limits(sessions, patience, grace));
    }

    private int call(String... words) {
        String[] args = new String[words.length + 1];
        args[0] = place.socket().toString();
        System.arraycopy(words, 0, args, 1, words.length);
        return new ControlClient(out, err).run(args);
    }

    private CompletableFuture<Integer> callAside(String word) {
        // A thread each: the common pool has one thread only on a machine with two cores.
        return CompletableFuture.supplyAsync(() -> call(word), task -> new Thread(task, "caller").start());
    }

    private static void await(CountDownLatch latch, String what) throws InterruptedException {
        assertThat(latch.await(10, TimeUnit.SECONDS)).as(what).isTrue();
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(place.socket()));
        return channel;
    }

    @Test
    void givesBackOutputErrorsAndStatus() throws IOException {
        start(8, LONG, LONG);
        command = (text, o, e) -> {
            o.print("[" + text + "] ✓");
            e.println("oops");
            return 42;
        };
        assertThat(call("spooler:send", "ann@spooler.local", "Grüße,  \"all\"")).isEqualTo(42);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("[spooler:send ann@spooler.local Grüße,  \"all\"] ✓");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("oops\n");
    }

    @Test
    void carriesMuchOutput() throws IOException {
        start(8, LONG, LONG);
        command = (text, o, e) -> {
            for (int i = 0; i < 50_000; i++) {
                o.println("line " + i);
            }
            return 0;
        };
        assertThat(call("x")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(50_000)
                .last()
                .isEqualTo("line 49999");
    }

    @Test
    void printsAsItComes() throws Exception {
        start(8, LONG, LONG);
        CountDownLatch seen = new CountDownLatch(1);
        CountDownLatch seenInTime = new CountDownLatch(1);
        command = (text, o, e) -> {
            o.println("first");
            if (seen.await(10, TimeUnit.SECONDS)) {
                seenInTime.countDown();
            }
            return 0;
        };
        OutputStream watching = new OutputStream() {
            @Override
            public void write(int octet) {
                seen.countDown();
            }
        };
        assertThat(new ControlClient(watching, err).run(place.socket().toString(), "x"))
                .isZero();
        await(seenInTime, "the first line came before the command ended");
    }

    @Test
    void runsSeveralAtOnceAndRefusesTooMany() throws Exception {
        start(2, LONG, LONG);
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        command = (text, o, e) -> {
            running.countDown();
            return go.await(10, TimeUnit.SECONDS) ? 0 : 99;
        };
        CompletableFuture<Integer> one = callAside("x");
        CompletableFuture<Integer> two = callAside("x");
        await(running, "two commands run");
        assertThat(call("x")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("error: already running 2 commands; try again later\n");
        go.countDown();
        assertThat(one.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(two.get(10, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void dropsASilentPeer() throws IOException {
        start(1, SHORT, LONG);
        try (SocketChannel silent = connect()) {
            silent.write(ByteBuffer.allocate(2));
            assertThat(silent.read(ByteBuffer.allocate(1))).as("closed").isEqualTo(-1);
        }
    }

    @Test
    void isNotHeldUpByAPeerThatDoesNotRead() throws Exception {
        start(1, SHORT, LONG);
        CountDownLatch ended = new CountDownLatch(1);
        command = (text, o, e) -> {
            for (int i = 0; i < 1000; i++) {
                o.println("x".repeat(10_000));
            }
            ended.countDown();
            return 0;
        };
        try (SocketChannel lazy = connect()) {
            lazy.write(ByteBuffer.allocate(5).putInt(1).put((byte) 'x').flip());
            await(ended, "the command ended");
        }
    }

    @Test
    void refusesARequestThatIsTooLong() throws IOException {
        start(1, LONG, LONG);
        assertThat(call("x".repeat(70_000))).isEqualTo(ControlClient.USAGE);
        try (SocketChannel liar = connect()) {
            liar.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).flip());
            ByteBuffer head = ByteBuffer.allocate(Frames.HEAD);
            assertThat(liar.read(head)).isEqualTo(Frames.HEAD);
            assertThat(head.get(0)).isEqualTo(Frames.ERROR);
        }
    }

    @Test
    void closesInBoundedTimeAndInterruptsCommands() throws Exception {
        start(8, LONG, SHORT);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        command = (text, o, e) -> {
            running.countDown();
            try {
                return new CountDownLatch(1).await(60, TimeUnit.SECONDS) ? 0 : 99;
            } catch (InterruptedException x) {
                interrupted.countDown();
                return 99;
            }
        };
        try (SocketChannel idle = connect()) {
            CompletableFuture<Integer> call = callAside("x");
            await(running, "the command runs, so the idle connection was accepted before");
            server.close();
            await(interrupted, "the command was interrupted");
            assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo(ControlClient.CUT_OFF);
            assertThat(idle.read(ByteBuffer.allocate(1))).as("closed").isEqualTo(-1);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("the instance ended before the command did");
        assertThat(call("x")).isEqualTo(ControlClient.NO_INSTANCE);
    }

    @Test
    void aCommandMayCloseTheServerThatRunsIt() throws IOException {
        start(8, LONG, LONG);
        command = (text, o, e) -> {
            inside = true;
            server.close();
            o.println("closed");
            return 0;
        };
        assertThat(call("uninstall me")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("closed\n");
    }

    @Test
    void clientSaysThatNoInstanceRuns() throws IOException {
        assertThat(call("x")).isEqualTo(ControlClient.NO_INSTANCE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("error: no instance is running in " + base + "; start it with: bin/spooler start\n");
    }

    @Test
    void clientExplainsItsUse() {
        assertThat(new ControlClient(out, err).run("socket")).isEqualTo(ControlClient.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("usage: ");
    }
}
