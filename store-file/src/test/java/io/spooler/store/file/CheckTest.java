package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Draft;
import io.spooler.Mailboxes.Entry;
import io.spooler.RecipientState;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Folders;
import io.spooler.store.Settlement;
import io.spooler.store.StoreCheck;
import io.spooler.store.StoreMaintenance;
import io.spooler.testkit.StoreKit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A check finds every kind of damage, changes nothing, and is not deceived by those who write meanwhile. */
@Timeout(120)
class CheckTest {

    private static final String LARGE = "0123456789".repeat(10_000);
    private static final long LONG_AGO = 1_000_000L << 16;

    @TempDir
    Path temp;

    private Path directory() {
        return temp.resolve("store");
    }

    private StoreKit kit() {
        return TestStores.kit(directory());
    }

    private static StoreCheck check(StoreKit kit) throws SpoolException {
        return maintenance(kit).check(text -> {});
    }

    private static StoreMaintenance maintenance(StoreKit kit) {
        return ((FileStore) kit.store()).maintenance();
    }

    /** As of a store that did not open. */
    private StoreCheck checkStopped() throws SpoolException {
        return new StoppedMaintenance("it did not open", TestStores.disk(), directory(), false).check(text -> {});
    }

    private static List<String> problems(StoreCheck check) {
        return check.problems().stream()
                .map(problem -> problem.where() + ": " + problem.what())
                .toList();
    }

    @Test
    void findsAGoodStoreWell() throws Exception {
        try (StoreKit kit = kit()) {
            fill(kit);
            StoreCheck check = check(kit);
            assertThat(problems(check)).isEmpty();
            assertThat(check.isWell()).isTrue();
            assertThat(check.queued()).isEqualTo(3);
            assertThat(check.finished()).isEqualTo(1);
            assertThat(check.filed()).isEqualTo(2);
            assertThat(check.records())
                    .containsEntry("MESSAGE", 5L)
                    .containsEntry("FILED", 3L)
                    .containsEntry("ENTRY", 1L)
                    .containsEntry("REMOVED", 1L);
            assertThat(check.contents())
                    .isEqualTo(
                            new StoreCheck.Contents(6, 3L * LARGE.length() + 3L * StoreKit.TEXT.length(), 0, 0, 0, 0));
            assertThat(check.segments()).isEqualTo(1);
            assertThat(check.octets()).isGreaterThan(1000);
        }
    }

    /** A bit of everything: three messages in the queue, one of them revised; a finished one; two in mailboxes. */
    private static void fill(StoreKit kit) throws Exception {
        kit.submit("finished@example.org");
        kit.complete(kit.claimOne());
        kit.submit("small@example.org");
        kit.submit(StoreKit.to("large@example.org"), LARGE);
        kit.claim(10).forEach(kit.store()::release);
        SpoolId revised = kit.submit("revised@example.org");
        Claim claim = kit.store()
                .claim(revised, kit.clock().instant(), StoreKit.LEASE)
                .orElseThrow();
        try (Draft draft = kit.store().revise(claim)) {
            StoreKit.write(draft, LARGE);
            StoreKit.get(draft.commit());
        }
        kit.settle(
                claim,
                new Settlement(
                        new Settlement.Prepared("X: y\r\n", null, List.of("hook")),
                        List.of(StoreKit.to(0, RecipientState.HELD, null)),
                        false));
        Entry entry = kit.file("ann", "INBOX");
        kit.store().folders().mark(entry.id(), Set.of("\\Seen"));
        kit.store().folders().delete(kit.file("ann", "INBOX").id());
        try (Folders.Incoming incoming = kit.store().folders().receive()) {
            StoreKit.write(incoming, LARGE);
            StoreKit.get(incoming.file(new Folders.Filing("bob", "INBOX", "IPM.Note", null, Set.of())));
        }
    }

    @Test
    void changesNothing() throws Exception {
        try (StoreKit kit = kit()) {
            fill(kit);
        }
        damage("hook");
        Files.writeString(directory().resolve("content").resolve(new SpoolId(LONG_AGO, 1).toString()), "orphan");
        Map<String, String> before = tree();
        checkStopped();
        assertThat(tree()).isEqualTo(before);
    }

    private Map<String, String> tree() throws IOException {
        Map<String, String> all = new TreeMap<>();
        for (String name : List.of("journal", "content", "quarantine")) {
            for (Path path : Trees.list(directory().resolve(name))) {
                all.put(
                        name + "/" + path.getFileName() + " " + Files.getLastModifiedTime(path),
                        Files.readString(path, StandardCharsets.ISO_8859_1));
            }
        }
        return all;
    }

    /** Turns one bit of a text wherever it is stored. */
    private void damage(String text) throws IOException {
        List<Path> files = new ArrayList<>(Trees.list(directory().resolve("journal")));
        files.addAll(Trees.list(directory().resolve("content")));
        for (Path file : files) {
            byte[] octets = Files.readAllBytes(file);
            int at = new String(octets, StandardCharsets.ISO_8859_1).indexOf(text);
            if (at >= 0) {
                octets[at] ^= 1;
                Files.write(file, octets);
                return;
            }
        }
        throw new AssertionError("not stored in " + files + ": " + text);
    }

    private List<SpoolId> three() throws Exception {
        List<SpoolId> ids = new ArrayList<>();
        try (StoreKit kit = kit()) {
            ids.add(kit.submit(StoreKit.to("first@example.org"), "the first content"));
            ids.add(kit.submit(StoreKit.to("second@example.org"), "the second content"));
            ids.add(kit.submit(StoreKit.to("large@example.org"), LARGE));
        }
        return ids;
    }

    @Test
    void findsAFlippedBitInAHead() throws Exception {
        three();
        damage("first@example.org");
        StoreCheck check = checkStopped();
        assertThat(problems(check)).hasSize(2).last().asString().contains("0000000001.log: damaged from 128 to ");
        assertThat(check.queued()).isEqualTo(2);
        assertThat(check.isWell()).isFalse();
    }

    @Test
    void findsAFlippedBitInABody() throws Exception {
        three();
        damage("the second content");
        assertThat(problems(checkStopped())).hasSize(2).last().asString().contains("damaged from ");
    }

    @Test
    void findsAFlippedBitInALargeContentWhileTheStoreRuns() throws Exception {
        SpoolId large = three().get(2);
        try (StoreKit kit = kit()) {
            damage("0123456789");
            StoreCheck check = check(kit);
            assertThat(problems(check))
                    .containsExactly(
                            "message " + large + ": its content, content/" + large + ", is not what was written");
            assertThat(check.contents().wrong()).isEqualTo(1);
            assertThat(check.contents().read()).isEqualTo(2);
        }
    }

    @Test
    void findsAMissingAndACutContent() throws Exception {
        SpoolId large = three().get(2);
        Path file = directory().resolve("content").resolve(large.toString());
        try (StoreKit kit = kit()) {
            assertThat(check(kit).isWell()).isTrue();
            Files.write(file, new byte[10]);
            assertThat(check(kit).contents().cut()).isEqualTo(1);
            Files.delete(file);
            StoreCheck check = check(kit);
            assertThat(check.contents().missing()).isEqualTo(1);
            assertThat(problems(check)).singleElement().asString().contains(large.toString(), "is missing");
        }
    }

    @Test
    void findsAnOrphanAndTakesNoDraftForOne() throws Exception {
        three();
        try (StoreKit kit = kit();
                Draft draft = kit.store().begin(StoreKit.to("draft@example.org"))) {
            StoreKit.write(draft, LARGE);
            assertThat(check(kit).contents().orphaned()).isZero();
            Files.writeString(directory().resolve("content").resolve(new SpoolId(LONG_AGO, 1).toString()), "x");
            StoreCheck check = check(kit);
            assertThat(check.contents().orphaned()).isEqualTo(1);
            assertThat(check.isWell()).as("no loss").isTrue();
        }
    }

    @Test
    void findsAMissingSegmentAndOneWithoutAHeader() throws Exception {
        for (int run = 0; run < 4; run++) {
            three();
        }
        List<Path> segments = Trees.list(directory().resolve("journal"));
        Files.delete(segments.get(1));
        byte[] octets = Files.readAllBytes(segments.get(3));
        octets[0] ^= 1;
        octets[64] ^= 1;
        Files.write(segments.get(3), octets);
        assertThat(problems(checkStopped()))
                .contains("journal: segments 2 to 2 are missing")
                .anySatisfy(text -> assertThat(text).contains("0000000004.log: has no readable header"));
    }

    @Test
    void saysThatTheFormatIsNewerAndLeavesItAlone() throws Exception {
        three();
        Path segment = Trees.segment(directory());
        Files.write(segment, Trees.withVersion(Files.readAllBytes(segment), 2));
        StoreCheck check = checkStopped();
        assertThat(problems(check)).last().asString().contains("format 2", "newer release");
    }

    @Test
    void saysWhyAStoreDidNotOpen() throws Exception {
        assertThat(problems(checkStopped()))
                .hasSize(2)
                .contains("the store: it did not open")
                .last()
                .asString()
                .contains("cannot be read any further");
        three();
        StoreCheck inUse = new StoppedMaintenance("in use", TestStores.disk(), directory(), true).check(text -> {});
        assertThat(problems(inUse)).containsExactly("the store: in use");
        assertThat(inUse.segments()).isZero();
    }

    @Test
    void isNotDeceivedByThoseWhoWriteMeanwhile() throws Exception {
        try (StoreKit kit = kit()) {
            assertThat(check(kit).isWell()).isTrue();
            AtomicBoolean enough = new AtomicBoolean();
            AtomicReference<Throwable> trouble = new AtomicReference<>();
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; !enough.get(); i++) {
                        kit.submit(StoreKit.to("ann@example.org"), i % 4 == 0 ? LARGE : "small " + i);
                        if (i % 3 == 0) {
                            kit.complete(kit.claim(1).get(0));
                        }
                        ((FileStore) kit.store()).care();
                    }
                } catch (Exception | AssertionError e) {
                    trouble.set(e);
                }
            });
            writer.start();
            long seen = 0;
            while (seen < 200 && trouble.get() == null) {
                StoreCheck check = check(kit);
                assertThat(problems(check)).isEmpty();
                seen = check.queued();
            }
            enough.set(true);
            writer.join();
            assertThat(trouble.get()).isNull();
            assertThat(seen).isPositive();
        }
    }

    @Test
    void isAloneAndEndsWithTheStore() throws Exception {
        try (StoreKit kit = kit()) {
            three(kit);
            StoreMaintenance maintenance = maintenance(kit);
            List<String> refusals = new ArrayList<>();
            maintenance.check(text -> {
                assertThatThrownBy(() -> maintenance.check(more -> {}))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("running already");
                assertThatThrownBy(() -> maintenance.compact(more -> {})).isInstanceOf(IllegalStateException.class);
                refusals.add(text);
            });
            assertThat(refusals).contains("journal segment 1 of 1");
        }
        StoreKit kit = kit();
        StoreMaintenance maintenance = maintenance(kit);
        kit.close();
        assertThatThrownBy(() -> maintenance.check(text -> {})).isInstanceOf(SpoolException.class);
    }

    private static void three(StoreKit kit) throws Exception {
        kit.submit("a@example.org", "b@example.org", "c@example.org");
    }

    @Test
    void tellsTheFirstThousandProblems() throws Exception {
        try (StoreKit kit = kit()) {
            for (int i = 0; i < 1010; i++) {
                kit.submit(StoreKit.to("ann@example.org"), LARGE);
            }
            for (Path file : Trees.list(directory().resolve("content"))) {
                Files.delete(file);
            }
            StoreCheck check = check(kit);
            assertThat(check.problems()).hasSize(StoreCheck.MOST_PROBLEMS);
            assertThat(check.moreProblems()).isEqualTo(10);
        }
    }
}
