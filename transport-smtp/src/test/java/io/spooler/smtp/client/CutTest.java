package io.spooler.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.smtp.Action;
import io.spooler.transport.Outcome;
import io.spooler.transport.Outcome.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The connection ends in place of each reply, or in the middle of it: only behind the dot the result is uncertain. */
class CutTest {

    private final Rig rig = new Rig();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, LANE, false",
        "EHLO, LANE, false",
        "MAIL, LANE, false",
        "RCPT, MESSAGE, false",
        "DATA, MESSAGE, false",
        "., MESSAGE, true"
    })
    void cutInPlaceOfAReply(String stage, Scope scope, boolean uncertain) {
        rig.peer.always(stage, Action.drop());
        assertCounts(scope, uncertain);
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, 22, LANE, false",
        "EHLO, 250-peer, LANE, false",
        "MAIL, 250, LANE, false",
        "RCPT, 250 2.1.5 o, MESSAGE, false",
        "DATA, 354 go, MESSAGE, false",
        "., 250 2.0.0 taken, MESSAGE, true",
        "., 550-5.7.1 n, MESSAGE, true"
    })
    void cutInAReply(String stage, String start, Scope scope, boolean uncertain) {
        rig.peer.always(stage, Action.cut(start));
        assertCounts(scope, uncertain);
    }

    @ParameterizedTest
    @CsvSource({"CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."})
    void aServerThatSaysThatItLeavesLeavesNoDoubt(String stage) {
        rig.peer.always(stage, Action.lastly("421 4.3.2 leaving"));
        assertCounts(Scope.LANE, false);
    }

    private void assertCounts(Scope scope, boolean uncertain) {
        Outcome.Deferred outcome = (Outcome.Deferred) rig.sendOne(Rig.message().to("ann@example.org"));
        assertThat(outcome.scope()).isEqualTo(scope);
        assertThat(outcome.reply().text().contains("possible duplicate")).isEqualTo(uncertain);
        assertThat(outcome.reply().status()).startsWith("4.");
        assertThat(rig.peer.sessions()).hasSize(1);
    }
}
