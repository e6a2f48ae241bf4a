package io.spooler.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.SpoolException;
import io.spooler.hook.Verdict;
import io.spooler.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

    private static final String MAIL = String.join(
            "\r\n",
            "From: bob@example.org",
            "To: Ann <ann@home.example>",
            "Subject: =?utf-8?q?Your_invoice_no=2E_7?=",
            "Message-ID: <1@example.org>",
            "");

    @TempDir
    private Path directory;

    private final FakeSpooler spooler = new FakeSpooler();
    private final ManualClock clock = new ManualClock();

    private Rules rules(String... lines) throws IOException {
        Path file = Files.write(directory.resolve("rules"), List.of(lines));
        Rules rules = new Rules(Map.of("file", file.toString()), clock);
        rules.spooler = spooler;
        return rules;
    }

    private Verdict verdict(Rules rules, String sender, String header) throws Exception {
        return rules.process(Messages.incoming("ann", sender, header + "\r\nbody\r\n"));
    }

    private Verdict verdict(String sender, String header, String... lines) throws Exception {
        return verdict(rules(lines), sender, header);
    }

    @Test
    void filesAndFlagsByHeaderSenderMailboxAndSize() throws Exception {
        Verdict verdict = verdict(
                "bob@Example.org",
                MAIL,
                "# rules",
                "",
                "header subject \"your invoice*\", sender *@example.org -> folder \"My bills\", flag flagged",
                "header subject *other* -> folder Wrong",
                "mailbox bob -> folder Wrong",
                "larger 1k -> folder Wrong",
                "smaller 1k, mailbox ANN -> flag bill # a comment");
        assertThat(verdict.target().folder()).isEqualTo("My bills");
        assertThat(verdict.target().flags()).containsExactlyInAnyOrder("\\Flagged", "bill");
        assertThat(verdict.cancel()).isFalse();
        assertThat(verdict("", MAIL, "sender <> -> folder Reports").target().folder())
                .isEqualTo("Reports");
        assertThat(verdict("", MAIL, "sender bob -> folder Reports").target()).isNull();
    }

    @Test
    void theLastFolderWinsAndStopStops() throws Exception {
        assertThat(verdict("", MAIL, "all -> folder A", "all -> folder B")
                        .target()
                        .folder())
                .isEqualTo("B");
        assertThat(verdict("", MAIL, "all -> folder A, stop", "all -> folder B")
                        .target()
                        .folder())
                .isEqualTo("A");
    }

    @Test
    void discards() throws Exception {
        Verdict verdict = verdict("", MAIL, "all -> discard", "all -> forward x@example.org");
        assertThat(verdict.delete()).isTrue();
        assertThat(verdict.cancel()).isTrue();
        assertThat(spooler.sent).isEmpty();
    }

    @Test
    void forwardsWithTheSameSenderOnceForEachAddress() throws Exception {
        Rules rules = rules("all -> forward a@example.net, forward LOCAL:carl");
        verdict(rules, "bob@example.org", MAIL);
        verdict(rules, "bob@example.org", MAIL);
        assertThat(spooler.sent).hasSize(2).allSatisfy(sent -> {
            assertThat(sent.envelope().sender().value()).isEqualTo("bob@example.org");
            assertThat(sent.text()).matches("(?s)Delivered-To: LOCAL:ann@[^\r]+\r\nFrom: bob.*body\r\n");
        });
        assertThat(spooler.sent.get(1).envelope().recipients().get(0).address().toString())
                .isEqualTo("LOCAL:carl");
    }

    @Test
    void answersOnceADayForEachSender() throws Exception {
        Rules rules = rules("all -> reply \"I am away.\\nUntil \\\"soon\\\".\"");
        verdict(rules, "bob@example.org", MAIL);
        verdict(rules, "bob@EXAMPLE.org", MAIL);
        assertThat(spooler.sent).singleElement().satisfies(sent -> {
            assertThat(sent.envelope().sender()).as("null reverse path").isNull();
            assertThat(sent.envelope().recipients().get(0).address().value()).isEqualTo("bob@example.org");
            assertThat(sent.text())
                    .startsWith(
                            "From: <ann@home.example>\r\nTo: <bob@example.org>\r\nSubject: Auto: Your invoice no. 7")
                    .contains("\r\nIn-Reply-To: <1@example.org>\r\n")
                    .contains("\r\nAuto-Submitted: auto-replied\r\n")
                    .endsWith("\r\n\r\nI am away.\r\nUntil \"soon\".\r\n");
        });
        verdict(rules, "carl@example.org", MAIL);
        assertThat(spooler.sent).hasSize(2);
        clock.advance(Duration.ofDays(1));
        verdict(rules, "bob@example.org", MAIL);
        assertThat(spooler.sent).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Auto-Submitted: auto-generated",
                "Auto-Submitted: auto-replied",
                "List-Id: <x.example.org>",
                "List-Unsubscribe: <mailto:x>",
                "Precedence: bulk",
                "precedence: List"
            })
    void answersNoListAndNoProgram(String field) throws Exception {
        verdict("bob@example.org", MAIL + field + "\r\n", "all -> reply away");
        assertThat(spooler.sent).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "LOCAL:bob",
                "ann@home.example",
                "MAILER-DAEMON@example.org",
                "owner-x@example.org",
                "x-request@example.org",
                "noreply@example.org"
            })
    void answersOnlyPeople(String sender) throws Exception {
        verdict(sender, MAIL, "all -> reply away");
        assertThat(spooler.sent).isEmpty();
    }

    @Test
    void answersOnlyWhatNamesTheMailbox() throws Exception {
        verdict("bob@example.org", "To: others@home.example\r\nCc: joann@home.example\r\n", "all -> reply away");
        assertThat(spooler.sent).isEmpty();
        verdict(
                "bob@example.org",
                "To: x@y.z,\r\n \"Ann\" <ANN@home.example>\r\nAuto-Submitted: no\r\n",
                "all -> reply a");
        assertThat(spooler.sent).hasSize(1);
    }

    @Test
    void noTextOfTheOtherSideGetsIntoTheHeaderOfAnAnswer() throws Exception {
        verdict(
                "bob@example.org",
                "To: ann@home.example\r\nSubject: =?utf-8?q?x=0D=0ABcc:_evil?=\r\nMessage-ID: <a@b>\u0007<c d>\r\n",
                "all -> reply away");
        String header = spooler.sent.get(0).text().split("\r\n\r\n", 2)[0];
        assertThat(header.lines().map(line -> line.split(":", 2)[0]))
                .containsExactly(
                        "From",
                        "To",
                        "Subject",
                        "In-Reply-To",
                        "References",
                        "Auto-Submitted",
                        "MIME-Version",
                        "Content-Type",
                        "Content-Transfer-Encoding");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "folder x",
                "-> folder x",
                "all -> ",
                "all, -> folder x",
                "some -> folder x",
                "all -> folder",
                "all -> folder \"\"",
                "all -> forward nobody",
                "larger big -> stop",
                "all -> flag \"reason: x\"",
                "all -> reply \"open"
            })
    void aWrongLineIsRefusedWithItsNumberAndMailIsKeptSafe(String line) throws Exception {
        Rules rules = rules("all -> stop", line);
        assertThatThrownBy(() -> verdict(rules, "", MAIL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rules: line 2: ");
    }

    @Test
    void worksWithoutAFileAndThrowsWithoutASpooler() throws Exception {
        assertThat(new Rules(Map.of("file", "nowhere")).process(Messages.incoming("ann", "", MAIL)))
                .isSameAs(Verdict.CONTINUE);
        Rules rules = rules("all -> forward a@example.net");
        rules.spooler = null;
        assertThatThrownBy(() -> verdict(rules, "", MAIL)).isInstanceOf(SpoolException.class);
        Rules wrong = new Rules(Map.of("flie", "x"));
        assertThatThrownBy(() -> verdict(wrong, "", MAIL)).hasMessageContaining("flie is unknown");
    }
}
