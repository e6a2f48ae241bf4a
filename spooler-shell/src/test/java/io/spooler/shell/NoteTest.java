package io.spooler.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class NoteTest {

    private static final Clock CLOCK = Clock.fixed(Fakes.NOON, ZoneOffset.UTC);

    private static String compose(String to, String text, String user) {
        return new String(Note.compose(Address.parse(to), text, user, CLOCK), StandardCharsets.UTF_8);
    }

    @Test
    void isAWholeMessage() {
        String message = compose("ann@example.org", "Hello\nworld", "eve");
        assertThat(message.split("\r\n", -1))
                .containsExactly(
                        "From: spooler shell <eve@spooler.local>",
                        "To: <ann@example.org>",
                        "Subject: Hello",
                        "Date: Wed, 4 Mar 2026 12:00:00 +0000",
                        "MIME-Version: 1.0",
                        "Content-Type: text/plain; charset=utf-8",
                        "Content-Transfer-Encoding: 8bit",
                        "",
                        "Hello",
                        "world",
                        "");
    }

    @Test
    void cannotBeTalkedIntoHeaders() {
        assertThat(compose("LOCAL:ann", "x\rBcc: y", "e\r\nBcc: z@x"))
                .contains("<eBcczx@spooler.local>\r\nSubject: x\r\n")
                .doesNotContain("\nBcc: z");
    }

    @Test
    void encodesWhatIsNotAscii() {
        assertThat(compose("LOCAL:ann", "Grüße ".repeat(20), ""))
                .contains("<spooler@")
                .contains("Subject: =?UTF-8?B?R3LDvMOfZSBH");
        assertThat(compose("LOCAL:ann", "\uD83D\uDE80".repeat(100), "x").lines())
                .filteredOn(line -> line.startsWith("Subject: "))
                .allSatisfy(line -> assertThat(line).hasSizeBetween(60, 84));
    }

    @Test
    void keepsLinesShort() {
        assertThat(compose("LOCAL:ann", "long ".repeat(1000), "x"))
                .contains("base64")
                .satisfies(text -> assertThat(text.lines()).allMatch(line -> line.length() < 100));
    }

    @Test
    void hasASubjectOfFewWords() {
        assertThat(compose("LOCAL:ann", "one two three four five six seven eight nine ten eleven twelve", "x"))
                .contains("Subject: one two three four five six seven eight nine\r\n");
        assertThat(compose("LOCAL:ann", "", "x")).contains("Subject: \r\n");
    }
}
