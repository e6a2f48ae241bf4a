package io.spooler.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.shell.control.Runs;
import io.spooler.store.MessageStore;
import io.spooler.store.StoreCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stores' command as people and scripts type it, through the real Gogo. */
class StoreCommandsTest {

    private static final SpoolId ID = new SpoolId(1, 2);

    @TempDir
    Path base;

    private final FakeStore first = new FakeStore();
    private final FakeStore second = new FakeStore();
    private StoreCommands commands;
    private Gogo gogo;

    @BeforeEach
    void start() {
        commands = new StoreCommands(base);
        commands.add(first, Map.of(MessageStore.NAME, "file"));
        gogo = new Gogo().with(commands);
    }

    @AfterEach
    void stop() {
        gogo.close();
    }

    private void addSecond() {
        commands.add(second, Map.of(MessageStore.NAME, "other"));
    }

    private String run(String command) {
        Runs result = Runs.of(gogo.processor(), command);
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isZero();
        return result.out();
    }

    private Runs fails(String command) {
        Runs result = Runs.of(gogo.processor(), command);
        assertThat(result.status()).as(result.out()).isEqualTo(1);
        assertThat(result.err()).startsWith("error: ");
        return result;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(base)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void checkShowsATableAndSaysThatAllIsWell() {
        assertThat(run("spooler:store check"))
                .contains("STORE", "file", "3 segments, 4096 octets", "7 MESSAGE", "5 queued, 2 finished, 1 filed")
                .doesNotContain("DELTA")
                .endsWith("\nAll is well.\n");
    }

    @Test
    void checkFailsWithASummary() throws Exception {
        addSecond();
        second.problems.add(new StoreCheck.Problem("message " + ID, "is \u001b[2J gone"));
        Runs result = fails("store check");
        assertThat(result.out()).contains("message " + ID).doesNotContain("All is well", "\u001b");
        assertThat(result.err()).isEqualTo("error: not all is well: 1 problem in store other\n");
        assertThat(run("store check file")).endsWith("All is well.\n");
        List<?> json = JSON.std.listFrom(fails("store check --json").out());
        assertThat(json).hasSize(2);
        assertThat(json.get(1).toString())
                .startsWith("{name=other, well=false, segments=3, octets=4096, records={")
                .contains("contents={read=6, octets=600, missing=0, cut=0, wrong=1, orphaned=0}");
        assertThat(JSON.std.listFrom(run("store --json check file"))).hasSize(1);
    }

    @Test
    void compactTellsWhatWasGivenBack() {
        assertThat(run("store compact"))
                .contains("SEGMENTS GONE")
                .contains("file   2              4096           1024");
    }

    @Test
    void exportWritesAFileForItsOwnerOnly() throws Exception {
        addSecond();
        first.stopped = new SpoolException(Reason.STORE_STOPPED, "the disk is gone");
        second.messages.put(ID, "Subject: x\r\n\r\nöctets\r\n");
        assertThat(run("store export " + ID + " mail.eml"))
                .isEqualTo("23 octets written to " + base.resolve("mail.eml") + "\n");
        Path file = base.resolve("mail.eml");
        assertThat(file).hasContent("Subject: x\r\n\r\nöctets\r\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(fails("store export " + ID + " mail.eml").err()).contains("exists already");
        assertThat(fails("store export " + ID + " no/mail.eml").err()).contains("no such directory");
        assertThat(fails("store export " + new SpoolId(3, 4) + " new.eml").err())
                .contains("the disk is gone");
        assertThat(fails("store export " + new SpoolId(3, 4) + " new.eml --store other")
                        .err())
                .contains("no message in the queue or in a mailbox has the id");
        assertThat(files()).as("nothing is left behind").containsExactly("mail.eml");
    }

    @Test
    void quarantineListsExportsAndDrops() throws Exception {
        assertThat(run("store quarantine")).isEqualTo("Nothing is in quarantine.\n");
        first.quarantine.put("1.damaged", "octets");
        assertThat(run("store quarantine list"))
                .isEqualTo(run("store quarantine"))
                .contains("file   1.damaged  6     2026-03-04T12:00:00Z  some octets");
        assertThat(JSON.std.listFrom(run("store quarantine --json")).get(0).toString())
                .isEqualTo("{store=file, name=1.damaged, size=6, when=2026-03-04T12:00:00.123Z, text=some octets}");
        run("store quarantine export 1.damaged octets");
        assertThat(base.resolve("octets")).hasContent("octets");
        assertThat(run("store quarantine drop 1.damaged")).isEqualTo("1.damaged dropped\n");
        assertThat(fails("store quarantine drop 1.damaged").err()).contains("nothing in quarantine has the name");
        assertThat(fails("store quarantine export ../x y").err()).contains("nothing in quarantine has the name ../x");
    }

    @Test
    void quarantineAsksWhichStoreIsMeant() {
        addSecond();
        first.quarantine.put("1.damaged", "octets");
        second.quarantine.put("1.damaged", "octets");
        assertThat(fails("store quarantine drop 1.damaged").err()).contains("choose one with --store: file, other");
        run("store quarantine drop 1.damaged --store other");
        assertThat(second.quarantine).isEmpty();
        assertThat(first.quarantine).hasSize(1);
    }

    @Test
    void namesTheCureWhereThereIsNoStore() {
        assertThat(fails("store check nothere").err())
                .contains("no store that can be looked after has the name nothere; there are: file");
        commands.remove(first);
        assertThat(fails("store check").err())
                .contains("no store that can be looked after is present; start the bundle");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "store",
                "store bogus",
                "store check a b",
                "store export 1",
                "store quarantine drop",
                "store quarantine drop a b",
                "store quarantine export a",
                "store quarantine lost a"
            })
    void saysHowItIsUsed(String command) {
        assertThat(fails(command).err()).contains("usage: store check [STORE] | compact [STORE] | export ID FILE");
    }

    @Test
    void tellsProgressOnceASecond() {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        AtomicLong now = new AtomicLong();
        Ticker ticker = new Ticker(new PrintStream(told, true, StandardCharsets.UTF_8), now::get);
        for (int i = 0; i < 30; i++) {
            ticker.accept("step " + i);
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
        }
        assertThat(told.toString(StandardCharsets.UTF_8)).isEqualTo("step 10\nstep 20\n");
    }
}
