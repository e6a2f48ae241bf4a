package io.spooler.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.admin.Order;
import io.spooler.shell.control.Runs;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders as people and scripts type them, through the real Gogo. */
class OrdersTest {

    private final Fakes fakes = new Fakes();
    private final Gogo gogo = new Gogo().with(fakes);
    private final MessageStatus queued =
            fakes.queued(null, Fakes.recipient("ann@example.org", RecipientState.WAITING, null));

    @AfterEach
    void stop() {
        gogo.close();
    }

    private String run(String command) {
        Runs result = Runs.of(gogo.processor(), command);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        return result.out();
    }

    private String fail(String command) {
        Runs result = Runs.of(gogo.processor(), command);
        assertThat(result.status()).as(result.out()).isEqualTo(1);
        assertThat(fakes.calls).isEmpty();
        return result.err();
    }

    private void result(long messages, long recipients, long inWork, boolean undoable) {
        fakes.result = new Order.Result(fakes.result.id(), messages, recipients, inWork, 0, undoable);
    }

    @ParameterizedTest
    @CsvSource({
        "hold, HOLD, held",
        "release, RELEASE, released",
        "retry, RETRY, due now",
        "cancel, CANCEL, cancelled",
        "expire, EXPIRE, expired",
        "reroute --clear, REROUTE to the ordinary route, rerouted",
        "reroute --to loopback, REROUTE to loopback, rerouted",
    })
    void oneMessageOrAllIsDoneAtOnce(String command, String order, String done) {
        result(1, 1, 0, false);
        assertThat(run(command + " " + queued.id())).isEqualTo("1 recipient " + done + "\n");
        result(7, 20, 0, false);
        assertThat(run(command + " all")).isEqualTo("20 recipients " + done + "\n");
        assertThat(fakes.calls).containsExactly(order + ": id:" + queued.id() + " by local", order + ": all by local");
    }

    @Test
    void whatAFilterSelectsIsShownFirst() {
        result(7, 20, 2, true);
        assertThat(run("hold state:DEFERRED 'age>2h' -from:*@example.com"))
                .isEqualTo("HOLD: state:DEFERRED age>2h -from:*:*@example.com would change 20 recipients of 7 messages;"
                        + " 2 in work would be left alone\nNothing was done: --yes does it.\n");
        assertThat(fakes.calls).containsExactly("preview HOLD: state:DEFERRED age>2h -from:*:*@example.com by local");
    }

    @Test
    void yesDoesIt() {
        result(7, 20, 1, true);
        String expected = "20 recipients held; 1 in work was left alone\nTo take it back: spooler:undo "
                + fakes.result.id() + "\n";
        assertThat(run("hold --yes state:DEFERRED")).isEqualTo(expected);
        assertThat(run("hold state:DEFERRED -y")).isEqualTo(expected);
        assertThat(fakes.calls).containsOnly("HOLD: state:DEFERRED by local").hasSize(2);
    }

    @Test
    void oneMessageNeedsNoYes() {
        result(1, 3, 0, false);
        assertThat(run("cancel to:ann*")).isEqualTo("3 recipients cancelled\n");
        assertThat(fakes.calls).containsExactly("preview CANCEL: to:*:ann* by local", "CANCEL: to:*:ann* by local");
    }

    @Test
    void whatIsInWorkCountsByItsMessages() {
        result(2, 0, 2, false);
        assertThat(run("cancel to:ann*")).contains("of 2 messages; 2 in work would be left alone", "Nothing was done");
        assertThat(fakes.calls).containsExactly("preview CANCEL: to:*:ann* by local");
        result(1, 1, 5, false);
        assertThat(run("cancel to:ann*")).isEqualTo("1 recipient cancelled; 5 in work was left alone\n");
    }

    @Test
    void rerouteToATransportThatIsAwaySaysSo() {
        result(1, 1, 0, false);
        assertThat(run("reroute --to away all").lines())
                .containsExactly(
                        "1 recipient rerouted", "No transport named away is present now: what is rerouted waits.");
        assertThat(run("reroute --to loopback all")).isEqualTo("1 recipient rerouted\n");
    }

    @Test
    void undo() {
        result(1, 2, 1, false);
        assertThat(run("undo " + fakes.result.id())).isEqualTo("2 recipients changed back; 1 in work was left alone\n");
        fakes.result = new Order.Result(fakes.result.id(), 1, 1, 0, 4, false);
        assertThat(run("undo " + fakes.result.id()))
                .isEqualTo("1 recipient changed back; 4 changed since, left alone\n");
        fakes.calls.clear();
        assertThat(Runs.of(gogo.processor(), "undo " + queued.id()).err()).contains("no order that can be undone");
    }

    @Test
    void theSessionsUserIsNamed() throws Exception {
        PrintStream out = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        CommandSession session = gogo.processor().createSession(InputStream.nullInputStream(), out, out);
        session.put("USER", "ann\u001b[2J" + "x".repeat(200));
        session.execute("spooler:retry all");
        session.put("USER", " ");
        session.execute("spooler:retry all");
        session.close();
        assertThat(fakes.calls).hasSize(2).last().isEqualTo("RETRY: all by local");
        assertThat(fakes.calls.get(0)).startsWith("RETRY: all by ann [2Jx").hasSize("RETRY: all by ".length() + 100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hold",
                "hold --yes",
                "hold ''",
                "cancel --yes ''",
                "cancel --yes '' ' '",
                "reroute --clear --yes ''",
                "hold bogus:x",
                "hold 'state:DEFERRED age>2'",
                "hold --bogus all",
                "reroute all",
                "reroute --to x --clear all",
                "reroute --to x",
                "undo",
                "undo 123"
            })
    void wrongUseFailsAndDoesNothing(String command) {
        assertThat(fail(command)).startsWith("error: ").hasSizeGreaterThan("error: \n".length());
    }
}
