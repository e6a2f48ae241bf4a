package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Draft;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Message;
import io.spooler.store.QueueFilter;
import io.spooler.store.Settlement;
import io.spooler.store.StoreStatus.Condition;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.StoreKit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start finds after kills, torn writes and damage (reliability 1.5). */
class RecoveryTest {

    @TempDir
    Path temp;

    private final ManualClock clock = new ManualClock();

    /** A running store is copied: what a kill leaves, as all written octets are with the kernel. */
    private Path killed(StoreKit kit, Path directory) throws IOException {
        assertThat(kit.store().status().condition()).isEqualTo(Condition.AVAILABLE);
        Path copy = temp.resolve("killed-" + System.nanoTime());
        Trees.copy(directory, copy);
        return copy;
    }

    @Test
    void keepsWhatWasAcknowledgedBeforeAKill() throws Exception {
        Path directory = temp.resolve("a");
        try (StoreKit kit = TestStores.kit(directory)) {
            SpoolId small = kit.submit("ann@example.org");
            SpoolId large = kit.submit(StoreKit.to("bob@example.org"), "x".repeat(200_000));
            try (StoreKit after = TestStores.kit(killed(kit, directory))) {
                assertThat(StoreKit.text(after.find(small).content())).isEqualTo(StoreKit.TEXT);
                assertThat(StoreKit.text(after.find(large).content())).isEqualTo("x".repeat(200_000));
            }
        }
    }

    /** A kill when all that was told to the store is written. */
    private Path killedBehind(StoreKit kit, Path directory) throws Exception {
        kit.submit("makes@what.was.written.before.durable");
        return killed(kit, directory);
    }

    @Test
    void countsCrashesDuringWorkOnly() throws Exception {
        Path directory = temp.resolve("a");
        SpoolId poison;
        SpoolId rests;
        SpoolId claimed;
        Path copy;
        try (StoreKit kit = TestStores.kit(directory)) {
            poison = kit.submit("ann@example.org");
            rests = kit.submit("bob@example.org");
            claimed = kit.submit("eve@example.org");
            List<Claim> claims = kit.claim(10);
            kit.settle(claims.get(0), Settlement.BEGINS);
            kit.settle(claims.get(1), Settlement.BEGINS);
            kit.settle(claims.get(1), Settlement.RESTS);
            copy = killedBehind(kit, directory);
        }
        try (StoreKit kit = TestStores.kit(copy)) {
            assertThat(kit.find(poison).crashes()).isEqualTo(1);
            assertThat(kit.find(rests).crashes()).as("not in work").isZero();
            assertThat(kit.find(claimed).crashes()).as("claimed only").isZero();
            List<Claim> claims = kit.claim(10);
            kit.settle(claims.get(0), Settlement.BEGINS);
            kit.settle(claims.get(1), Settlement.BEGINS);
            copy = killedBehind(kit, copy);
        }
        try (StoreKit kit = TestStores.kit(copy)) {
            assertThat(kit.find(poison).crashes()).isEqualTo(2);
            assertThat(kit.find(rests).crashes()).isEqualTo(1);
            kit.settle(kit.claim(10).get(0), Settlement.BEGINS);
        }
        try (StoreKit kit = TestStores.kit(copy)) {
            assertThat(kit.find(poison).crashes()).as("a clean end is no crash").isEqualTo(2);
        }
    }

    /** A store whose first message was in work. */
    private Path killedAtWork() throws Exception {
        Path directory = temp.resolve("a");
        try (StoreKit kit = TestStores.kit(directory)) {
            kit.submit("ann@example.org");
            kit.settle(kit.claim(1).get(0), Settlement.BEGINS);
            return killedBehind(kit, directory);
        }
    }

    /** Three unlucky ends of the process within a year are not three in a row. */
    @Test
    void forgetsCrashesWithAnOutcome() throws Exception {
        Path copy = killedAtWork();
        SpoolId id;
        Path second;
        try (StoreKit kit = TestStores.kit(copy)) {
            id = kit.store().query(QueueFilter.ALL, null, 1).get(0).id();
            kit.settle(kit.claim(1).get(0), RecipientState.DEFERRED, clock.instant());
            assertThat(kit.find(id).crashes()).as("nobody has tried").isEqualTo(1);
            second = killedBehind(kit, copy);
        }
        Path third;
        try (StoreKit kit = TestStores.kit(second)) {
            assertThat(kit.find(id).crashes()).as("read again").isEqualTo(1);
            Claim claim = kit.claim(1).get(0);
            kit.settle(claim, Settlement.BEGINS);
            kit.settle(claim, RecipientState.DEFERRED, clock.instant());
            assertThat(kit.find(id).crashes()).isZero();
            third = killedBehind(kit, second);
        }
        try (StoreKit kit = TestStores.kit(third)) {
            assertThat(kit.find(id).crashes()).as("read again").isZero();
        }
    }

    @Test
    void whatIsHeldIsTriedAnewWhenReleased() throws Exception {
        Path copy = killedAtWork();
        SpoolId id;
        Path second;
        try (StoreKit kit = TestStores.kit(copy)) {
            id = kit.store().query(QueueFilter.ALL, null, 1).get(0).id();
            kit.settle(kit.claim(1).get(0), RecipientState.HELD, null);
            assertThat(kit.find(id).crashes()).isZero();
            second = killedBehind(kit, copy);
        }
        try (StoreKit kit = TestStores.kit(second)) {
            assertThat(kit.find(id).crashes()).as("read again").isZero();
        }
    }

    @Test
    void survivesAJournalCutAtEveryOctet() throws Exception {
        Path directory = temp.resolve("a");
        Map<SpoolId, Long> ends = new LinkedHashMap<>();
        try (StoreKit kit = TestStores.kit(directory)) {
            for (int i = 0; i < 4; i++) {
                SpoolId id = kit.submit(StoreKit.to("ann@example.org"), "content " + i);
                ends.put(id, usedOctets(Trees.segment(directory)));
            }
            kit.settle(kit.claim(1).get(0), RecipientState.DEFERRED, clock.instant());
            kit.file("ann", "INBOX");
        }
        byte[] journal = Files.readAllBytes(Trees.segment(directory));
        int used = (int) usedOctets(Trees.segment(directory));
        for (int cut = 0; cut <= used; cut++) {
            Path broken = temp.resolve("broken");
            Trees.copy(directory, broken);
            Files.write(Trees.segment(broken), Arrays.copyOf(journal, cut));
            try (FileStore store = TestStores.open(broken, clock)) {
                for (Map.Entry<SpoolId, Long> end : ends.entrySet()) {
                    // Padding behind a record does not belong to what makes it whole, but may be asked for.
                    if (end.getValue() + 8 <= cut) {
                        assertThat(store.find(end.getKey()))
                                .as("cut at %s", cut)
                                .isPresent();
                    }
                }
                assertThat(store.status().text()).doesNotContain("damaged");
                assertThat(submit(store)).isNotNull();
            }
            Trees.delete(broken);
        }
    }

    private static SpoolId submit(FileStore store) throws Exception {
        try (Draft draft = store.begin(StoreKit.to("new@example.org"))) {
            StoreKit.write(draft, "new");
            return StoreKit.get(draft.commit());
        }
    }

    /** The end of the last octet that is not zero. */
    private static long usedOctets(Path segment) throws IOException {
        byte[] octets = Files.readAllBytes(segment);
        int end = octets.length;
        while (end > 0 && octets[end - 1] == 0) {
            end--;
        }
        return end;
    }

    @Test
    void losesOnlyTheRecordThatIsDamaged() throws Exception {
        Path directory = temp.resolve("a");
        Map<SpoolId, String> contents = new LinkedHashMap<>();
        try (StoreKit kit = TestStores.kit(directory)) {
            for (int i = 0; i < 6; i++) {
                String text = "the content of message " + i;
                contents.put(kit.submit(StoreKit.to("user" + i + "@example.org"), text), text);
            }
        }
        Trees.forget(directory);
        byte[] journal = Files.readAllBytes(Trees.segment(directory));
        int used = (int) usedOctets(Trees.segment(directory));
        int detected = 0;
        for (int at = 0; at < used; at++) {
            Path broken = temp.resolve("broken");
            Trees.copy(directory, broken);
            byte[] copy = journal.clone();
            copy[at] ^= (byte) (1 << at % 8);
            Files.write(Trees.segment(broken), copy);
            try (FileStore store = TestStores.open(broken, clock)) {
                int lost = lost(store, contents);
                assertThat(lost).as("octet %s", at).isLessThanOrEqualTo(1);
                boolean reported = store.status().text().contains("damaged");
                assertThat(reported || lost == 0).as("octet %s is reported", at).isTrue();
                detected += reported ? 1 : 0;
            }
            Trees.delete(broken);
        }
        // Not damage to anything: one of the two headers, padding, the mark of a clean end.
        assertThat(detected).isGreaterThan(used - 128 - 6 * 8 - 32);
    }

    private static int lost(FileStore store, Map<SpoolId, String> contents) throws IOException {
        int lost = 0;
        for (Map.Entry<SpoolId, String> expected : contents.entrySet()) {
            Message message = store.find(expected.getKey()).orElse(null);
            if (message == null) {
                lost++;
            } else {
                assertThat(StoreKit.text(message.content())).isEqualTo(expected.getValue());
            }
        }
        assertThat(store.query(QueueFilter.ALL, null, 100)).hasSize(contents.size() - lost);
        return lost;
    }

    @Test
    void keepsDamagedOctetsAndServesTheRestOverAndOver() throws Exception {
        Path directory = temp.resolve("a");
        List<SpoolId> ids = new ArrayList<>();
        try (StoreKit kit = TestStores.kit(directory)) {
            for (int i = 0; i < 3; i++) {
                ids.add(kit.submit("ann@example.org"));
            }
        }
        Path segment = Trees.segment(directory);
        byte[] octets = Files.readAllBytes(segment);
        octets[400] ^= 1;
        Files.write(segment, octets);
        for (int start = 0; start < 3; start++) {
            Trees.forget(directory);
            try (FileStore store = TestStores.open(directory, clock)) {
                assertThat(store.find(ids.get(1))).isEmpty();
                assertThat(store.find(ids.get(0))).isPresent();
                assertThat(store.find(ids.get(2))).isPresent();
                assertThat(store.status().text()).contains("1 damaged places");
                submit(store);
            }
        }
        assertThat(Trees.list(directory.resolve("quarantine"))).hasSize(1);
    }

    @Test
    void repairsALedgerWithAMissingPiece() throws Exception {
        Path directory = temp.resolve("a");
        String[] many = new String[40];
        Arrays.setAll(many, i -> "user" + i + "@example.org");
        SpoolId id;
        long[] at = new long[4];
        try (StoreKit kit = TestStores.kit(directory)) {
            id = kit.submit(many);
            Claim claim = kit.claimOne();
            for (int i = 0; i < 3; i++) {
                at[i] = usedOctets(Trees.segment(directory));
                kit.settle(claim, Settlement.of(List.of(StoreKit.to(i, RecipientState.RELAYED, null))));
            }
            at[3] = usedOctets(Trees.segment(directory));
        }
        try (FileChannel2 file = new FileChannel2(Trees.segment(directory))) {
            file.flip((at[1] + at[2]) / 2);
        }
        for (int start = 0; start < 3; start++) {
            Trees.forget(directory);
            try (FileStore store = TestStores.open(directory, clock)) {
                Message message = store.find(id).orElseThrow();
                assertThat(message.recipients().get(0).state()).isEqualTo(RecipientState.RELAYED);
                assertThat(message.recipients().get(1).state()).isEqualTo(RecipientState.READY);
                assertThat(message.recipients().get(2).state()).isEqualTo(RecipientState.RELAYED);
                assertThat(store.status().recipients())
                        .containsEntry(RecipientState.READY, 38L)
                        .containsEntry(RecipientState.RELAYED, 2L);
            }
        }
    }

    /** Turns one bit in a file. */
    private record FileChannel2(Path path) implements AutoCloseable {

        void flip(long at) throws IOException {
            try (java.nio.channels.FileChannel channel =
                    java.nio.channels.FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer one = ByteBuffer.allocate(1);
                channel.read(one, at);
                one.put(0, (byte) (one.get(0) ^ 4));
                channel.write(one.flip(), at);
            }
        }

        @Override
        public void close() {}
    }

    @Test
    void refusesANewerFormatAndLeavesItAlone() throws Exception {
        Path directory = temp.resolve("a");
        try (StoreKit kit = TestStores.kit(directory)) {
            kit.submit("ann@example.org");
        }
        Path segment = Trees.segment(directory);
        byte[] octets = Files.readAllBytes(segment);
        Trees.withVersion(octets, 2);
        Files.write(segment, octets);
        assertThatThrownBy(() -> TestStores.open(directory, clock))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("newer release");
        assertThat(Files.readAllBytes(segment)).isEqualTo(octets);
        assertThat(Trees.list(directory.resolve("quarantine"))).isEmpty();
    }

    @Test
    void removesContentsThatNobodyRefersTo() throws Exception {
        Path directory = temp.resolve("a");
        String large = "x".repeat(100_000);
        SpoolId id;
        Path copy;
        try (StoreKit kit = TestStores.kit(directory)) {
            id = kit.submit(StoreKit.to("ann@example.org"), large);
            try (Draft draft = kit.store().begin(StoreKit.to("bob@example.org"))) {
                StoreKit.write(draft, large);
                assertThat(Trees.list(directory.resolve("content"))).hasSize(2);
                copy = killed(kit, directory);
            }
            assertThat(Trees.list(directory.resolve("content"))).hasSize(1);
        }
        try (StoreKit kit = TestStores.kit(copy)) {
            assertThat(kit.store().query(QueueFilter.ALL, null, 10)).hasSize(1);
            assertThat(Trees.list(copy.resolve("content"))).hasSize(1);
            kit.complete(kit.claimOne());
            assertThat(kit.find(id).complete()).isTrue();
            assertThat(Trees.list(copy.resolve("content"))).isEmpty();
        }
    }

    @Test
    void doesNotDeliverAMessageWhoseContentIsCut() throws Exception {
        Path directory = temp.resolve("a");
        SpoolId id;
        try (StoreKit kit = TestStores.kit(directory)) {
            id = kit.submit(StoreKit.to("ann@example.org"), "x".repeat(100_000));
            kit.submit("bob@example.org");
        }
        Files.write(directory.resolve("content").resolve(id.toString()), new byte[10]);
        try (StoreKit kit = TestStores.kit(directory)) {
            assertThat(kit.claimedIds()).hasSize(1).doesNotContain(id);
            assertThat(kit.store().status().text()).contains("1 damaged messages");
            ((FileStore) kit.store()).care();
            assertThat(kit.store().find(id)).isEmpty();
            assertThat(kit.store().status().messages()).isEqualTo(1);
        }
        assertThat(directory.resolve("quarantine").resolve(id + ".damaged")).exists();
        assertThat(directory.resolve("quarantine").resolve(id.toString())).hasBinaryContent(new byte[10]);
        try (StoreKit kit = TestStores.kit(directory)) {
            assertThat(kit.store().status().messages()).isEqualTo(1);
            assertThat(kit.store().status().text()).doesNotContain("damaged");
        }
    }

    @Test
    void findsItsPlaceBehindManyShortRuns() throws Exception {
        Path directory = temp.resolve("a");
        List<SpoolId> ids = new ArrayList<>();
        for (int run = 0; run < 10; run++) {
            try (StoreKit kit = TestStores.kit(directory)) {
                ids.add(kit.submit("ann@example.org"));
            }
        }
        try (StoreKit kit = TestStores.kit(directory)) {
            assertThat(kit.claimedIds()).isEqualTo(ids);
        }
    }
}
