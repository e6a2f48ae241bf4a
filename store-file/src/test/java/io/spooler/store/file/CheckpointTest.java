package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Content;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Settlement;
import io.spooler.store.Settlement.Transition;
import io.spooler.store.StoreStatus;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.StoreKit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A start from a checkpoint ends where a start from the whole journal does. */
class CheckpointTest {

    private static final int SEGMENT = 16 * 1024;
    private static final int LIVES = Integer.getInteger("spooler.lives", 6);

    @TempDir
    Path temp;

    private final ManualClock clock = new ManualClock();

    private FileStore open(Path directory) throws IOException {
        return FileStore.open(
                TestStores.options(directory, SEGMENT), new io.spooler.store.file.journal.LocalDisk(), clock);
    }

    /** What a start says that finds a checkpoint or, for comparison, none. */
    private String start(Path from, boolean checkpoint) throws Exception {
        Path directory = temp.resolve("copy");
        Trees.copy(from, directory);
        if (!checkpoint) {
            Trees.forget(directory);
        }
        try (FileStore store = open(directory)) {
            return Description.of(store, clock.instant());
        } finally {
            Trees.delete(directory);
        }
    }

    private void compare(Path directory, String life) throws Exception {
        assertThat(start(directory, true)).as(life).isEqualTo(start(directory, false));
    }

    @Test
    void tellsAfterACleanEndWhatTheJournalTells() throws Exception {
        for (int seed = 0; seed < LIVES; seed++) {
            Path directory = temp.resolve("life " + seed);
            for (int run = 0; run < 3; run++) {
                try (FileStore store = open(directory)) {
                    new RandomLife(store, clock, seed * 10L + run).live(150);
                }
                assertThat(directory.resolve("checkpoint")).exists();
                compare(directory, "life " + seed + " after run " + run);
            }
        }
    }

    @Test
    void tellsAfterAKillWhatTheJournalTells() throws Exception {
        int checkpoints = 0;
        for (int seed = 0; seed < LIVES; seed++) {
            Path directory = temp.resolve("life " + seed);
            try (FileStore store = open(directory)) {
                AtomicBoolean alive = new AtomicBoolean(true);
                Thread carer = new Thread(() -> {
                    while (alive.get()) {
                        store.care();
                    }
                });
                carer.start();
                new RandomLife(store, clock, seed).live(600);
                alive.set(false);
                carer.join();
                // Durable, and so is everything before it.
                store.folders().receive().file(filing()).toCompletableFuture().join();
                checkpoints += Files.exists(directory.resolve("checkpoint")) ? 1 : 0;
                compare(directory, "life " + seed);
            }
        }
        assertThat(checkpoints).as("made while the store ran").isPositive();
    }

    private static io.spooler.store.Folders.Filing filing() {
        return new io.spooler.store.Folders.Filing("last", "INBOX", "mail", null, java.util.Set.of());
    }

    private SpoolId twoMessages(Path directory) throws Exception {
        try (FileStore store = open(directory)) {
            SpoolId first = submit(store, "the first content");
            submit(store, "the second content");
            return first;
        }
    }

    private static SpoolId submit(FileStore store, String text) throws Exception {
        try (var draft = store.begin(StoreKit.to("ann@example.org"))) {
            StoreKit.write(draft, text);
            return StoreKit.get(draft.commit());
        }
    }

    private static void damage(Path file, String text) throws IOException {
        byte[] octets = Files.readAllBytes(file);
        int at = new String(octets, StandardCharsets.ISO_8859_1).indexOf(text);
        octets[at] ^= 1;
        Files.write(file, octets);
    }

    @ParameterizedTest
    @ValueSource(strings = {"the first content", "ann@example.org"})
    void neverGivesAwayWhatWasDamagedMeanwhile(String where) throws Exception {
        Path directory = temp.resolve("a");
        SpoolId id = twoMessages(directory);
        damage(Trees.segment(directory), where);
        try (FileStore store = open(directory)) {
            store.find(id).ifPresent(message -> {
                Content content = message.content();
                assertThatThrownBy(() -> StoreKit.text(content)).hasMessageContaining("damaged");
            });
            assertThat(store.claim(10, clock.instant(), StoreKit.LEASE))
                    .singleElement()
                    .satisfies(claim ->
                            assertThat(StoreKit.text(claim.message().content())).isEqualTo("the second content"));
            store.care();
            assertThat(store.find(id)).isEmpty();
            assertThat(store.status().text()).contains("1 damaged messages");
        }
        assertThat(directory.resolve("quarantine").resolve(id + ".damaged")).exists();
        try (FileStore store = open(directory)) {
            assertThat(store.status().condition()).isEqualTo(StoreStatus.Condition.AVAILABLE);
            assertThat(store.status().messages()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100_000})
    void goesOnWithoutADamagedPieceOfALedger(int content) throws Exception {
        Path directory = temp.resolve("a");
        String[] many = new String[40];
        java.util.Arrays.setAll(many, i -> "user" + i + "@example.org");
        SpoolId id;
        try (FileStore store = open(directory)) {
            try (var draft = store.begin(StoreKit.to(many))) {
                StoreKit.write(draft, "x".repeat(content));
                id = StoreKit.get(draft.commit());
            }
            Claim claim = store.claim(1, clock.instant(), StoreKit.LEASE).get(0);
            for (int i = 0; i < 3; i++) {
                RecipientState state = RecipientState.RELAYED;
                Transition transition =
                        new Transition(i, state, true, null, null, new Reply("2.0.0", "piece " + i + " of it"));
                StoreKit.get(store.settle(claim, Settlement.of(List.of(transition))));
            }
        }
        damage(Trees.segment(directory), "piece 1 of it");
        try (FileStore store = open(directory)) {
            store.care();
            assertThat(store.find(id).orElseThrow().recipients().subList(0, 4))
                    .extracting(RecipientStatus::state)
                    .containsExactly(
                            RecipientState.RELAYED, RecipientState.READY, RecipientState.RELAYED, RecipientState.READY);
            assertThat(store.claim(1, clock.instant(), StoreKit.LEASE)).hasSize(1);
        }
        try (FileStore store = open(directory)) {
            assertThat(StoreKit.text(store.find(id).orElseThrow().content())).hasSize(content);
        }
        assertThat(Trees.list(directory.resolve("quarantine"))).isEmpty();
    }

    @Test
    void isNotBelievedWhenItIsDamaged() throws Exception {
        Path directory = temp.resolve("a");
        try (FileStore store = open(directory)) {
            new RandomLife(store, clock, 7).live(40);
        }
        byte[] whole = Files.readAllBytes(directory.resolve("checkpoint"));
        String expected = start(directory, false);
        for (int at = 0; at < whole.length; at += 1 + whole.length / 60) {
            byte[] broken = whole.clone();
            broken[at] ^= (byte) (1 << at % 8);
            Files.write(directory.resolve("checkpoint"), broken);
            assertThat(start(directory, true)).as("octet " + at).isEqualTo(expected);
        }
        Files.write(directory.resolve("checkpoint"), java.util.Arrays.copyOf(whole, whole.length - 5));
        assertThat(start(directory, true)).isEqualTo(expected);
    }

    @Test
    void isNotBelievedBesideAnotherJournal() throws Exception {
        Path directory = temp.resolve("a");
        Path other = temp.resolve("b");
        twoMessages(directory);
        twoMessages(other);
        Files.copy(
                other.resolve("checkpoint"),
                directory.resolve("checkpoint"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        compare(directory, "with the checkpoint of another one");
    }
}
