package io.spooler.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.spooler.admin.SpoolControl.Activity;
import io.spooler.admin.SpoolControl.Closed;
import io.spooler.admin.SpoolControl.Flush;
import io.spooler.shell.control.Runs;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Control of the running spooler as people and scripts type it, through the real Gogo. */
class ControlCommandsTest {

    private final Fakes fakes = new Fakes();
    private final Gogo gogo = new Gogo().with(fakes);

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
        assertThat(result.err()).startsWith("error: ");
        return result.err();
    }

    @Test
    void suspendsAndResumesATransportOrOneLane() throws Exception {
        assertThat(run("transports")).doesNotContain("SUSPENDED");
        assertThat(run("suspend smtp example.org")).isEqualTo("smtp/example.org is suspended.\n");
        assertThat(run("suspend smtp example.org")).isEqualTo("smtp/example.org was suspended before.\n");
        assertThat(run("suspend loopback")).isEqualTo("loopback is suspended.\n");
        assertThat(run("transports").lines()).contains("SUSPENDED  LANE", "smtp       example.org", "loopback   all");
        assertThat(run("status")).contains("SUSPENDED");
        assertThat(JSON.std.mapFrom(run("status --json")).get("suspended").toString())
                .isEqualTo(
                        "[{transport=smtp, lane=example.org, inbound=false}, {transport=loopback, lane=null, inbound=false}]");

        assertThat(run("resume smtp example.org")).startsWith("smtp/example.org goes on; ");
        assertThat(run("transports")).doesNotContain("example.org").contains("loopback   all");
        assertThat(fakes.calls)
                .containsExactly(
                        "suspend smtp/example.org by local",
                        "suspend smtp/example.org by local",
                        "suspend loopback by local",
                        "resume smtp/example.org by local");
        assertThat(Runs.of(gogo.processor(), "resume smtp").err()).contains("smtp is not suspended; see: transports");
        assertThat(Runs.of(gogo.processor(), "suspend ''").err()).contains("at most 255 characters");
    }

    @Test
    void flushWaitsAndSaysWhatItDid() {
        assertThat(run("flush")).isEqualTo("Flushed 2 transports; 3 deferred recipients became due.\n");
        run("flush smtp");
        assertThat(fakes.calls).containsExactly("flush null by local", "flush smtp by local");
    }

    @Test
    void flushTellsHowFarItIs() throws Exception {
        fakes.flush = new CompletableFuture<>();
        fakes.running = Fakes.flush(Flush.State.RUNNING);
        fakes.flush.completeOnTimeout(Fakes.flush(Flush.State.DONE), 2200, TimeUnit.MILLISECONDS);
        Runs result = Runs.of(gogo.processor(), "flush");
        assertThat(result.err().lines())
                .isNotEmpty()
                .containsOnly("transport 1 of 2, smtp, outgoing: 7 recipients to go");
        assertThat(result.out()).startsWith("Flushed 2 transports");
    }

    @Test
    void flushThatDoesNotEndWellFails() {
        fakes.flush = CompletableFuture.completedFuture(Fakes.flush(Flush.State.BUSY));
        assertThat(fail("flush")).contains("a flush is running already");
        fakes.flush = CompletableFuture.completedFuture(Fakes.flush(Flush.State.CANCELLED));
        assertThat(fail("flush")).contains("cancelled at transport 1 of 2, smtp");
    }

    @Test
    void aFlushCanBeCancelled() {
        assertThat(fail("flush --cancel")).contains("no flush is running");
        fakes.running = Fakes.flush(Flush.State.RUNNING);
        assertThat(run("flush --cancel")).startsWith("The flush is cancelled");
        assertThat(fakes.calls).containsOnly("cancel flush by local");
    }

    @Test
    void anInterruptCancelsTheFlush() throws Exception {
        fakes.flush = new CompletableFuture<>();
        FlushView view = new FlushView(fakes.control(), "ann");
        CompletableFuture<String> end = new CompletableFuture<>();
        Thread command = new Thread(() -> {
            try {
                end.complete(view.flush(null));
            } catch (InterruptedException e) {
                end.complete("interrupted");
            }
        });
        command.start();
        command.interrupt();
        assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo("interrupted");
        assertThat(fakes.calls).last().isEqualTo("cancel flush by ann");
    }

    @Test
    void validateDoesNotWait() {
        assertThat(run("validate")).isEqualTo("Looking: loopback, smtp-in; see: status\n");
        assertThat(run("validate smtp")).isEqualTo("Looking: smtp; see: status\n");
        assertThat(fakes.calls).containsExactly("validate null by local", "validate smtp by local");
    }

    @Test
    void closesAndOpens() {
        fakes.closed =
                new Closed(true, Set.of(Activity.OUTBOUND_QUEUED, Activity.INBOUND_ACTIVE), "messages are coming in");
        assertThat(run("close no-wait"))
                .isEqualTo("Closes by itself: messages are coming in [INBOUND_ACTIVE, OUTBOUND_QUEUED]."
                        + " To take it back: spooler:open\n");
        fakes.closed = new Closed(false, Set.of(Activity.OUTBOUND_ACTIVE), "refused: messages are under way");
        assertThat(fail("close quiet")).contains("not closed: refused: messages are under way [OUTBOUND_ACTIVE]");
        assertThat(fakes.calls).containsExactly("close NO_WAIT by local", "close QUIET by local");
        fakes.calls.clear();
        assertThat(run("open")).isEqualTo("Open: everything goes on.\n");
        assertThat(run("open")).isEqualTo("It was open before.\n");
        assertThat(fail("close soon")).contains("one of abort, quiet, orderly, no-wait, purge");
    }

    @Test
    void statusShowsTheSpoolerAndItsOperations() throws Exception {
        assertThat(run("status"))
                .startsWith("SPOOLER  CONDITION  IN FLIGHT  OPERATIONS      TEXT\n")
                .contains("spooler  AVAILABLE  1          VALIDATE,FLUSH  working")
                .contains("OUTBOUND,FLUSH  2026-03-04T12:00:00Z  2026-03-04T11:59:00Z 4.4.1 refused");
        assertThat(JSON.std.mapFrom(run("status --json")).get("spooler").toString())
                .isEqualTo("{condition=AVAILABLE, text=working, inFlight=1, operations=[VALIDATE, FLUSH]}");
        assertThat(JSON.std.mapFrom(run("status --json")).get("transports").toString())
                .contains("operations=[OUTBOUND, FLUSH], lastSuccess=2026-03-04T12:00:00.123Z,"
                        + " lastError=2026-03-04T11:59:00.123Z, error=4.4.1 refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "suspend",
                "suspend a b c",
                "resume",
                "flush a b",
                "flush ''",
                "flush --cancel smtp",
                "validate a b",
                "validate ''",
                "close",
                "close a b",
                "open now"
            })
    void wrongUseFailsAndDoesNothing(String command) {
        fail(command);
        assertThat(fakes.calls).isEmpty();
    }
}
