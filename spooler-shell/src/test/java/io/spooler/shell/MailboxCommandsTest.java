package io.spooler.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.spooler.Address;
import io.spooler.Mailboxes;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.shell.control.Runs;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading and ordering mailboxes as people and scripts type it, through the real Gogo. */
class MailboxCommandsTest {

    private static final long PATIENCE = 20;

    private final Fakes fakes = new Fakes();
    private final WatchCommands watch = new WatchCommands(fakes.mailboxes());
    private final Gogo gogo = new Gogo().with(fakes).with(watch);

    @AfterEach
    void stop() {
        gogo.close();
    }

    private String run(String command) {
        Runs result = Runs.of(gogo.processor(), command);
        assertThat(result.err()).isEmpty();
        return result.out();
    }

    private Set<String> flags(SpoolId id) {
        return fakes.mailboxes().entry(id).orElseThrow().flags();
    }

    private SpoolId arrive(String mailbox, String text) {
        SpoolId id = fakes.filed(mailbox, Address.smtp("bob@example.org"), text);
        watch.onEvent(new SpoolEvent.Arrived(
                id, Fakes.NOON, fakes.mailboxes().entry(id).orElseThrow()));
        return id;
    }

    @Test
    void foldersCounts() {
        assertThat(run("folders")).isEqualTo("No folders.\n");
        SpoolId id = fakes.filed("ann", null, "x");
        fakes.filed("ann", null, "x");
        fakes.filed("bob", null, "x");
        assertThat(run("move " + id + " Archive")).isEqualTo("Moved to Archive.\n");
        assertThat(run("folders").lines().skip(1))
                .containsExactly("ann      Archive  1", "ann      INBOX    1", "bob      INBOX    1");
        assertThat(run("folders bob").lines()).hasSize(2);
        assertThat(run("inbox --folder Archive ann")).contains(id.toString());
        assertThat(run("inbox --count ann")).isEqualTo("1\n");
    }

    @Test
    void markAddsAndTakesOff() {
        SpoolId id = fakes.filed("ann", null, "Subject: x\r\n\r\n");
        assertThat(run("mark " + id + " seen work")).isEqualTo("Flags: \\Seen, work\n");
        assertThat(run("mark " + id + " Flagged")).isEqualTo("Flags: \\Flagged, \\Seen, work\n");
        assertThat(run("inbox ann")).contains("\\Flagged,\\Seen,work  x");
        assertThat(run("mark --off " + id + " seen flagged work")).isEqualTo("No flags.\n");
        assertThat(flags(id)).isEmpty();
        assertThat(Runs.of(gogo.processor(), "mark " + id).err()).contains("which flags?");
    }

    @Test
    void deleteRemoves() {
        SpoolId id = fakes.filed("ann", null, "x");
        assertThat(run("delete " + id)).isEqualTo("Deleted.\n");
        assertThat(fakes.entries).isEmpty();
    }

    @Test
    void fateTellsWhereAndWhy() {
        SpoolId id = fakes.filed("ann", null, "x");
        assertThat(run("fate " + id)).contains("2026-03-04T12:00:00Z  FILED  ann/INBOX  -");
        run("mark " + id + " 'reason: hook rules failed: \u001b[2J'");
        assertThat(run("fate " + id))
                .contains("QUARANTINED  ann/INBOX  hook rules failed: ")
                .doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mark ID seen", "move ID Archive", "delete ID", "fate ID"})
    void unknownIdsFail(String command) {
        String id = fakes.newId().toString();
        Runs result = Runs.of(gogo.processor(), command.replace("ID", id));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("error: no message has the id " + id + "\n");
    }

    @Test
    void watchShowsWhatComesInOnceAndEnds() throws Exception {
        fakes.filed("ann", null, "Subject: before\r\n\r\n");
        CompletableFuture<String> shown = CompletableFuture.supplyAsync(() -> run("watch --count 3 --after 1"));
        arrive("ann", "Subject: \u001b[2Jone\r\n\r\n");
        arrive("bob", "Subject: two\r\n\r\n");
        arrive("ann", "Subject: three\r\n\r\n");
        arrive("ann", "Subject: four\r\n\r\n");
        String lines = shown.get(PATIENCE, TimeUnit.SECONDS);
        assertThat(lines.lines()).hasSize(3);
        assertThat(lines.lines().toList().get(0))
                .startsWith("2  ")
                .contains("ann/INBOX  IPM.Note  ", "  -  SMTP:bob@example.org  ")
                .endsWith("one")
                .doesNotContain("\u001b");
        assertThat(lines).contains("two", "three").doesNotContain("before", "four");
    }

    @Test
    void watchLooksAtSomeMailboxesAndWritesJson() throws Exception {
        CompletableFuture<String> shown =
                CompletableFuture.supplyAsync(() -> run("watch --json --count 1 --after 0 BOB"));
        arrive("ann", "Subject: one\r\n\r\n");
        SpoolId id = arrive("bob", "Subject: two\r\n\r\n");
        assertThat(JSON.std.mapFrom(shown.get(PATIENCE, TimeUnit.SECONDS)))
                .containsEntry("id", id.toString())
                .containsEntry("sequence", 2)
                .containsEntry("class", "IPM.Note");
    }

    @Test
    void watchBeginsWithWhatComesInLaterAndSaysWhereToGoOnWhenTheMailboxesGo() throws Exception {
        fakes.filed("ann", null, "Subject: before\r\n\r\n");
        CompletableFuture<Runs> shown = CompletableFuture.supplyAsync(() -> Runs.of(gogo.processor(), "watch"));
        assertThat(fakes.looked.await(PATIENCE, TimeUnit.SECONDS))
                .as("it looks at the feed")
                .isTrue();
        assertThat(shown).isNotDone();
        watch.close();
        Runs result = shown.get(PATIENCE, TimeUnit.SECONDS);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("go on later with: watch --after 1");
    }

    @Test
    void inboundBeginsAndEnds() {
        assertThat(run("inbound end pop3")).isEqualTo("Nothing is taken in from pop3 until: inbound begin\n");
        assertThat(run("inbound end pop3")).isEqualTo("Nothing was taken in from pop3 before.\n");
        assertThat(run("transports")).contains("pop3       inbound");
        assertThat(run("inbound begin pop3")).isEqualTo("What pop3 brings is taken in.\n");
        assertThat(Runs.of(gogo.processor(), "inbound stop pop3").err()).contains("inbound begin TRANSPORT");
    }

    @Test
    void aMailboxWithoutMessagesIsNoMistake() {
        Mailboxes none = fakes.mailboxes();
        assertThat(none.folders("x")).isEmpty();
        assertThat(run("inbox x --folder y")).isEqualTo("No messages.\n");
    }
}
