package io.spooler.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.spooler.Content;
import io.spooler.settings.Network;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Looks through one hostile message as signer and verifier do, its content given at once and octet by octet, and checks what must
 * hold of any. Is also what a coverage-guided fuzzer calls, which knows it by the name of its method; CONTRIBUTING.md says how.
 */
public final class HeaderFuzz {

    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MOST_OCTETS = 16 << 20;
    private static final int TRIES = 100;
    private static final List<Network> NETWORKS = List.of(Network.parse("127.0.0.0/8"));

    private final AuthResults results = new AuthResults("mx.example.net");
    private final Signing signing;
    private final Verification verification;

    HeaderFuzz() throws GeneralSecurityException {
        TestKeys keys = TestKeys.ed25519();
        signing = new Signing(
                List.of(new SigningKey(
                        "example.org", "s1", Algorithm.ED25519, keys.pair().getPrivate())),
                Signing.FIELDS);
        verification = new Verification(
                new FakeTexts().with("s1._domainkey.example.org", keys.record()),
                Clock.fixed(Messages.SUBMITTED, ZoneOffset.UTC),
                Duration.ofSeconds(1));
    }

    /**
     * For a coverage-guided fuzzer.
     *
     * @param data a message
     * @throws Exception never
     */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        new HeaderFuzz().check("input", new String(data, StandardCharsets.ISO_8859_1), false);
    }

    /** What came of a message. */
    private record Outcome(Origin origin, String signed, List<Finding> findings, int covered, String rest) {}

    private Outcome run(Content content) throws IOException {
        Header header = Header.read(content).orElseThrow();
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        new Rewriting(content, header, results::isOurs).writeTo(rest);
        return new Outcome(
                Origin.of(header, Messages.ID, NETWORKS),
                signing.sign(content, header, Messages.SUBMITTED),
                verification.verify(content, header),
                covered(header),
                rest.toString(StandardCharsets.ISO_8859_1));
    }

    /** What signatures cover, also where no key would be found. */
    private static int covered(Header header) {
        int octets = 0;
        for (Field field : header.all("dkim-signature").stream().limit(5).toList()) {
            try {
                Mark mark = Mark.parse(field, Tags.parse(field.value(), Result.NEUTRAL));
                octets += Canonical.header(header, mark.names(), mark.unsigned(), mark.relaxedHeader()).length;
            } catch (Rejection none) {
                octets--;
            }
        }
        return octets;
    }

    /** The same, an octet at a time. */
    private static Content single(Content content) {
        return new Content() {
            @Override
            public long size() {
                return content.size();
            }

            @Override
            public int read(long position, ByteBuffer target) throws IOException {
                int limit = target.limit();
                target.limit(Math.min(limit, target.position() + 1));
                int count = content.read(position, target);
                target.limit(limit);
                return count;
            }
        };
    }

    /**
     * Checks a message.
     *
     * @param name for messages
     * @param message one character for each octet
     * @param bounded whether time and memory count; not before the code is compiled
     * @throws IOException never
     */
    void check(String name, String message, boolean bounded) throws IOException {
        Content content = Messages.content(message);
        Outcome whole = run(content);
        assertThat(run(single(content))).as(name + ": octet by octet").isEqualTo(whole);
        assertThat(whole.findings).as(name).isNotEmpty();
        assertThat(results.field(whole.findings)).as(name).matches("(?:[ -~\\t]+\\r\\n)+");
        assertThat(Messages.header(whole.rest).fields()).as(name).noneMatch(results::isOurs);
        if (bounded) {
            // The first that go a certain way load classes, and wait for the compiler: neither is their own time.
            long nanos = Long.MAX_VALUE;
            for (int i = 0; i < TRIES && nanos >= MOST_NANOS; i++) {
                long before = THREAD.getCurrentThreadCpuTime();
                run(content);
                nanos = THREAD.getCurrentThreadCpuTime() - before;
            }
            assertThat(nanos).as(name + ": time").isLessThan(MOST_NANOS);
            long octets = THREAD.getCurrentThreadAllocatedBytes();
            run(content);
            octets = THREAD.getCurrentThreadAllocatedBytes() - octets;
            assertThat(octets).as(name + ": memory").isLessThan(MOST_OCTETS);
        }
    }
}
