package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Ticker;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What stands between our own trace line and the first line of a content: nothing that a client says must become part of
 * that line.
 */
class FirstLineTest {

    private static final String ENVELOPE = "EHLO a\r\nMAIL FROM:<bob@example.org>\r\nRCPT TO:<ann@spooler.local>\r\n";
    private static final String REST = "\r\nReceived: x\r\n\r\ntext\r\n";

    /** What the spooler has behind our trace line. */
    private static String taken(String content, boolean chunked, boolean single) throws Exception {
        FakeSpooler spooler = new FakeSpooler();
        QuietSession session =
                new QuietSession(QuietSession.settings(), new Sessions(), spooler, Ticker.newMockTicker());
        session.ask(ENVELOPE);
        if (chunked) {
            session.ask("BDAT " + content.length() + " LAST\r\n" + content, single);
        } else {
            session.ask("DATA\r\n");
            session.ask(content + ".\r\n", single);
        }
        String text = spooler.next().text();
        String end = " +0000\r\n";
        return text.substring(text.indexOf(end) + end.length());
    }

    private static void assertTaken(String content, String expected) throws Exception {
        for (boolean single : new boolean[] {false, true}) {
            assertThat(taken(content, false, single)).as("behind DATA").isEqualTo(expected);
            assertThat(taken(content, true, single)).as("in a chunk").isEqualTo(expected);
        }
    }

    static Stream<String> bodies() {
        return Stream.of(
                " x",
                "\tx",
                " ",
                " \u0085",
                " Received: x",
                "text",
                "two words: x",
                "Received",
                "Received ",
                ":",
                " : x",
                "N\u00e4me: x",
                "A\1: x",
                "x".repeat(2046),
                "From bob@example.org Thu Nov 26 12:00:00 2026");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void whatIsNoFieldIsBody(String first) throws Exception {
        assertTaken(first + REST, "\r\n" + first + REST);
    }

    static Stream<String> headers() {
        return Stream.of("Subject: x", "A:", "Received : x", "A\t \t: x", "!~: \u0001", "X".repeat(2000) + ": x", "");
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aFieldOrAnEmptyLineStaysAsItIs(String first) throws Exception {
        assertTaken(first + REST, first + REST);
    }

    static Stream<Arguments> wholes() {
        return Stream.of(
                Arguments.of("", ""),
                Arguments.of(" ", "\r\n \r\n"),
                Arguments.of("x", "\r\nx\r\n"),
                Arguments.of("A:", "A:\r\n"),
                Arguments.of("\r\n", "\r\n"));
    }

    @ParameterizedTest
    @MethodSource("wholes")
    void alsoWhatIsOneLineOrNone(String content, String expected) throws Exception {
        for (boolean single : new boolean[] {false, true}) {
            assertThat(taken(content, true, single)).isEqualTo(expected);
        }
    }
}
