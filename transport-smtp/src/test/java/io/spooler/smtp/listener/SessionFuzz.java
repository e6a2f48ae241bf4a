package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.util.concurrent.Ticker;
import io.spooler.settings.SettingsException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Has one hostile session, whole and octet by octet, and checks what must hold of any. Is also what a coverage-guided
 * fuzzer calls, which knows it by the name of its method; CONTRIBUTING.md says how.
 */
public final class SessionFuzz {

    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MOST_OCTETS = 2 << 20;
    private static final String ENVELOPE = "EHLO a\r\nMAIL FROM:<b@c.example>\r\nRCPT TO:<ann@spooler.local>\r\n";
    private static final List<List<String>> BEFORE =
            List.of(List.of(), List.of("EHLO a\r\n"), List.of(ENVELOPE), List.of(ENVELOPE + "DATA\r\n"));
    /** Our trace line has five lines; no other continues it. */
    private static final Pattern TRACED =
            Pattern.compile("^Received:(?:[^\r]*\r\n ){4}[^\r]*\r\n(?:\\z|\r\n|[!-9;-~]+[ \t]*:)");
    /** Ends a piece; it is no octet of UTF-8. */
    private static final int END = 0xFE;

    private final Ticker ticker = Ticker.newMockTicker();
    private final ListenerSettings settings;

    SessionFuzz() throws SettingsException {
        settings = QuietSession.settings("max_message_size", "64k");
    }

    /**
     * For a coverage-guided fuzzer.
     *
     * @param data the first octet says what went well before, the others are what the client says
     * @throws SettingsException never
     */
    public static void fuzzerTestOneInput(byte[] data) throws SettingsException {
        if (data.length == 0) {
            return;
        }
        List<String> pieces = new ArrayList<>(BEFORE.get((data[0] & 0xFF) % BEFORE.size()));
        String text = new String(data, 1, data.length - 1, StandardCharsets.ISO_8859_1);
        pieces.addAll(List.of(text.split(String.valueOf((char) END), -1)));
        new SessionFuzz().check("input", pieces, false);
    }

    /** What came of a session. */
    private record Result(String answers, boolean open, String accepted, long nanos, long octets) {

        boolean isSame(Result other) {
            return answers.equals(other.answers) && open == other.open && accepted.equals(other.accepted);
        }
    }

    private Result run(List<String> pieces, boolean single) {
        FakeSpooler spooler = new FakeSpooler();
        QuietSession session = new QuietSession(settings, new Sessions(), spooler, ticker);
        StringBuilder answers = new StringBuilder(session.answers());
        long nanos = THREAD.getCurrentThreadCpuTime();
        long octets = THREAD.getCurrentThreadAllocatedBytes();
        for (String piece : pieces) {
            answers.append(session.ask(piece, single));
        }
        nanos = THREAD.getCurrentThreadCpuTime() - nanos;
        octets = THREAD.getCurrentThreadAllocatedBytes() - octets;
        boolean open = session.isOpen();
        session.cut();
        assertThat(spooler.begun.get())
                .as("messages begun are accepted or given up")
                .isEqualTo(spooler.accepted.size() + spooler.abandoned.get());
        for (FakeSpooler.Committed message : spooler.accepted) {
            assertThat(message.text()).as("what follows our trace line").containsPattern(TRACED);
        }
        String accepted =
                spooler.accepted.stream().map(FakeSpooler.Committed::text).collect(Collectors.joining("\r\n--\r\n"));
        return new Result(answers.toString(), open, accepted, nanos, octets);
    }

    /**
     * Checks a session.
     *
     * @param name for messages
     * @param pieces what arrives, one after the other, each once everything about the one before is done
     * @param bounded whether time and memory count; not before the code is compiled
     */
    void check(String name, List<String> pieces, boolean bounded) {
        Result whole = run(pieces, false);
        assertThat(whole.answers).as(name).startsWith("220 ").endsWith("\r\n");
        if (!whole.open) {
            // A defect closes the session without a word.
            assertThat(whole.answers)
                    .as(name)
                    .containsPattern("\r\n(221|421|500 5.5.2|501 5.5.4|552 5.3.4|554 5.5.0) [^\r]*\r\n$");
        }
        Result single = run(pieces, true);
        if (!single.isSame(whole)) {
            assertThat(single).as(name + ": octet by octet").isEqualTo(whole);
        }
        assertThat(whole.accepted).as(name).doesNotContain("\0").doesNotContainPattern("\r[^\n]|[^\r]\n");
        if (bounded) {
            // The first session that goes a certain way loads classes, which is not its own time.
            long nanos = whole.nanos < MOST_NANOS ? whole.nanos : run(pieces, false).nanos;
            assertThat(nanos).as(name + ": time").isLessThan(MOST_NANOS);
            assertThat(whole.octets).as(name + ": memory").isLessThan(MOST_OCTETS);
        }
    }
}
