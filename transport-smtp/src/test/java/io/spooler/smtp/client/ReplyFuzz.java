package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.spooler.settings.Secret;
import io.spooler.settings.SettingsException;
import io.spooler.smtp.net.EventLoops;
import io.spooler.testkit.TestConsignment;
import io.spooler.transport.Outcome;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Talks with one hostile server, whole and octet by octet, and checks what must hold of any. Is also what a coverage-guided
 * fuzzer calls, which knows it by the name of its method; CONTRIBUTING.md says how.
 */
public final class ReplyFuzz implements AutoCloseable {

    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MOST_OCTETS = 8 << 20;
    private static final int TRIES = 10;
    /** Ends a piece; it is no octet of UTF-8. */
    private static final int END = 0xFE;

    private static final String CONTENT = "Subject: x\r\n\r\n.\r\ntext\r\n";
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";

    private final Credentials who = new Credentials("user", new Secret("pencil"), null, false);
    private final Site site;

    /**
     * For one kind of server.
     *
     * @param protocol smtp or lmtp
     * @throws SettingsException never
     */
    ReplyFuzz(String protocol) throws SettingsException {
        ClientSettings settings = ClientSettings.read(
                Map.of("host", "127.0.0.1", "helo", "client.test", "tls", "none", "protocol", protocol));
        Clock clock = Clock.systemUTC();
        Endpoint server = new Endpoint("peer.test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 25));
        site = new Site(
                "fuzz",
                settings,
                "",
                () -> CompletableFuture.completedFuture(List.of(server)),
                new Rests(),
                Tls.of(settings, clock),
                new EventLoops(),
                new Resolver(),
                name -> null,
                new Health("fuzz", clock),
                new Tracer(clock));
    }

    /**
     * For a coverage-guided fuzzer.
     *
     * @param data what the server says
     * @throws SettingsException never
     */
    public static void fuzzerTestOneInput(byte[] data) throws SettingsException {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        List<String> pieces = List.of(text.split(String.valueOf((char) END), -1));
        for (String protocol : List.of("smtp", "lmtp")) {
            try (ReplyFuzz fuzz = new ReplyFuzz(protocol)) {
                fuzz.check("input", pieces, false);
            }
        }
    }

    /** What came of a conversation. */
    private record Result(String said, List<List<Outcome>> outcomes) {

        boolean hasSent() {
            return outcomes.stream()
                    .flatMap(List::stream)
                    .anyMatch(each -> each instanceof Outcome.Relayed || each instanceof Outcome.Delivered);
        }
    }

    private static Transfer message() {
        return new Transfer(TestConsignment.of(CONTENT).to("a@example.org", "b@example.org"), Clock.systemUTC());
    }

    private Result run(List<String> pieces, boolean single) {
        List<Transfer> messages = List.of(message(), message(), message());
        QuietConnection connection = new QuietConnection(site, messages);
        for (String piece : pieces) {
            connection.hear(piece, single);
        }
        connection.cut();
        assertThat(connection.ends()).isEqualTo(1);
        return new Result(
                connection.said(),
                messages.stream().map(each -> each.answer().getNow(List.of())).toList());
    }

    /**
     * Checks a server.
     *
     * @param name for messages
     * @param pieces what it says, one after the other, each once everything about the one before is done
     * @param bounded whether time and memory count; not before the code is compiled
     */
    void check(String name, List<String> pieces, boolean bounded) {
        Result whole = run(pieces, false);
        assertThat(run(pieces, true)).as(name + ": octet by octet").isEqualTo(whole);
        assertThat(whole.outcomes).as(name).allMatch(each -> each.size() == 2);
        assertThat(whole.toString()).as(name).doesNotContain("internal error");
        assertThat(whole.said).as(name).doesNotContainPattern("\r[^\n]|[^\r]\n");
        if (whole.hasSent()) {
            assertThat(whole.said).as(name).containsPattern("\r\n\\.\\.?\r\ntext\r\n");
        }
        if (bounded) {
            measure(name, pieces);
        }
    }

    private void measure(String name, List<String> pieces) {
        // The first that goes a certain way loads classes, which is not its own time.
        long nanos = Long.MAX_VALUE;
        long octets = Long.MAX_VALUE;
        for (int i = 0; i < TRIES && (nanos >= MOST_NANOS || octets >= MOST_OCTETS); i++) {
            long time = THREAD.getCurrentThreadCpuTime();
            long memory = THREAD.getCurrentThreadAllocatedBytes();
            run(pieces, false);
            nanos = THREAD.getCurrentThreadCpuTime() - time;
            octets = THREAD.getCurrentThreadAllocatedBytes() - memory;
        }
        assertThat(nanos).as(name + ": time").isLessThan(MOST_NANOS);
        assertThat(octets).as(name + ": memory").isLessThan(MOST_OCTETS);
    }

    /**
     * Checks what a server says in a log-in: it is refused, or answered, but never believed.
     *
     * @param name for messages
     * @param fuzzer makes the challenges
     */
    void checkLogin(String name, ReplyFuzzer fuzzer) {
        Scram login = new Scram(who, NONCE);
        login.first();
        for (int i = 0; i < 2; i++) {
            try {
                login.next(fuzzer.challenge(NONCE));
            } catch (IllegalArgumentException refused) {
                assertThat(login.isProven()).as(name).isFalse();
                return;
            }
        }
        assertThat(login.isProven()).as(name).isFalse();
    }

    @Override
    public void close() {
        site.loops().close();
        site.resolver().close();
    }
}
