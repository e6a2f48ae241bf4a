package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Ticker;
import io.spooler.access.RecipientCheck;
import io.spooler.access.RecipientCheck.Verdict;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes before its turn, at once or octet by octet: the rows of the hostile table that a network blurs. */
class TooEarlyTest {

    private static final String ENVELOPE = "MAIL FROM:<bob@example.org>\r\nRCPT TO:<ann@spooler.local>\r\n";
    private static final String TOO_EARLY = "554 5.5.0 talked before it was your turn\r\n";

    /** Content that would be a transaction of its own. */
    private static final String EVIL = "RCPT TO:<ann@spooler.local>\r\nDATA\r\nSubject: evil\r\n\r\n.\r\n";

    @TempDir
    Path directory;

    private final FakeSpooler spooler = new FakeSpooler();

    private QuietSession session(String... settings) throws Exception {
        ListenerSettings read = QuietSession.settings(settings);
        return new QuietSession(read, new Sessions(), spooler, Ticker.newMockTicker());
    }

    private void assertEnds(QuietSession session) {
        assertThat(session.isOpen()).isFalse();
        assertThat(session.ask("NOOP\r\n")).isEmpty();
        assertThat(spooler.begun).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void beforeTheBanner(boolean single) throws Exception {
        QuietSession session = session("greeting_delay", "5s");
        assertThat(session.ask("EHLO a\r\n", single)).isEqualTo(TOO_EARLY);
        assertEnds(session);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void contentBehindData(boolean single) throws Exception {
        QuietSession session = session();
        session.ask("EHLO a\r\n" + ENVELOPE);
        assertThat(session.ask("DATA\r\nMAIL FROM:<evil@x.example>\r\n.\r\n", single))
                .isEqualTo(TOO_EARLY);
        assertEnds(session);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void contentBehindARefusedData(boolean single) throws Exception {
        QuietSession session = session();
        session.ask("EHLO a\r\nMAIL FROM:<bob@example.org>\r\nRCPT TO:<x@elsewhere.example>\r\n");
        assertThat(session.ask("DATA\r\n" + EVIL, single)).isEqualTo("554 5.5.1 no valid recipients\r\n" + TOO_EARLY);
        assertEnds(session);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void contentBehindADataOutOfTurn(boolean single) throws Exception {
        QuietSession session = session();
        session.ask("EHLO a\r\n");
        assertThat(session.ask("DATA\r\n" + ENVELOPE + "DATA\r\n", single))
                .isEqualTo("503 5.5.1 bad sequence of commands\r\n" + TOO_EARLY);
        assertEnds(session);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void contentBehindADataThatIsRefusedLater(boolean single) throws Exception {
        Deque<CompletableFuture<Verdict>> asked = new ArrayDeque<>();
        RecipientCheck check = recipient -> {
            asked.add(new CompletableFuture<>());
            return asked.getLast();
        };
        QuietSession session = new QuietSession(
                QuietSession.settings(), new Sessions(), spooler, Ticker.newMockTicker(), List.of(check));
        session.ask("EHLO a\r\n" + ENVELOPE);
        asked.remove().complete(Verdict.KNOWN);
        session.settle();
        session.answers();
        assertThat(session.ask("DATA\r\n" + ENVELOPE + "DATA\r\n", single)).isEmpty();
        asked.remove().complete(Verdict.UNKNOWN);
        session.settle();
        assertThat(session.answers()).isEqualTo("550 5.1.1 no such recipient here\r\n" + TOO_EARLY);
        assertEnds(session);
    }

    @Test
    void whoWaitsMayGoOn() throws Exception {
        QuietSession session = session();
        session.ask("EHLO a\r\nMAIL FROM:<bob@example.org>\r\n");
        assertThat(session.ask("DATA\r\n")).isEqualTo("554 5.5.1 no valid recipients\r\n");
        assertThat(session.ask("RCPT TO:<ann@spooler.local>\r\nDATA\r\n"))
                .startsWith("250 2.1.5")
                .endsWith("354 end with <CRLF>.<CRLF>\r\n");
        assertThat(session.ask("Subject: x\r\n\r\n.\r\n")).startsWith("250 2.0.0 queued as ");
    }

    @Test
    void aLineThatIsTooLongForACommandIsContent() throws Exception {
        QuietSession session = session();
        session.ask("EHLO a\r\nDATA\r\n");
        assertThat(session.ask("x".repeat(3000) + "\r\n" + EVIL)).isEqualTo(TOO_EARLY);
        assertEnds(session);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void commandsBehindStartTls(boolean single) throws Exception {
        TestKeys keys = TestKeys.make(directory);
        QuietSession session =
                session("tls", "may", "tls_certificate", "" + keys.certificate(), "tls_key", "" + keys.key());
        session.ask("EHLO a\r\n");
        assertThat(session.ask("STARTTLS\r\nMAIL FROM:<evil@x.example>\r\n", single))
                .isEqualTo(TOO_EARLY);
        assertEnds(session);
    }
}
