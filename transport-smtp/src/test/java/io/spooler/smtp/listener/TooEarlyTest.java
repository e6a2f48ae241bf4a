package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Ticker;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes before its turn, at once or octet by octet: the rows of the hostile table that a network blurs. */
class TooEarlyTest {

    private static final String ENVELOPE = "MAIL FROM:<bob@example.org>\r\nRCPT TO:<ann@spooler.local>\r\n";
    private static final String TOO_EARLY = "554 5.5.0 talked before it was your turn\r\n";

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
