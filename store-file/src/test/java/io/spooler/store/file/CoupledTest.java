package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Envelope;
import io.spooler.Mailboxes;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.store.CoupledStore.Served;
import io.spooler.store.CoupledStore.Serving;
import io.spooler.store.Folders;
import io.spooler.store.OwnPart;
import io.spooler.store.StoreCheck;
import io.spooler.store.file.MemoryDisk.Forced;
import io.spooler.store.file.MemoryDisk.Operation;
import io.spooler.store.file.MemoryDisk.Written;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.StoreKit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs that the store serves a message itself, and what is left of it when something breaks. */
class CoupledTest {

    private static final String LARGE = "a large content ".repeat(10_000);

    @TempDir
    Path temp;

    private final ManualClock clock = new ManualClock();

    private static OwnPart part(String... mailboxes) {
        List<OwnPart.Placement> placements = new java.util.ArrayList<>();
        for (int i = 0; i < mailboxes.length; i++) {
            placements.add(new OwnPart.Placement(
                    List.of(i), new Folders.Filing(mailboxes[i], Mailboxes.INBOX, "mail", null, Set.of())));
        }
        return new OwnPart("own", placements, false);
    }

    private static Served serve(FileStore store, Envelope envelope, String text, String... mailboxes) throws Exception {
        try (Serving draft = store.begin(envelope, part(mailboxes))) {
            StoreKit.write(draft, text);
            StoreKit.get(draft.commit());
            return draft.served().orElseThrow();
        }
    }

    @Test
    void aLocalMessageIsOneWriteAndOneForce() throws Exception {
        List<Operation> operations = new CopyOnWriteArrayList<>();
        try (FileStore store = FileStore.open(TestStores.options(temp), new MemoryDisk(operations::add), clock)) {
            serve(store, StoreKit.to("LOCAL:first"), StoreKit.TEXT, "first");
            for (int i = 0; i < 20; i++) {
                operations.clear();
                serve(store, StoreKit.to("LOCAL:ann", "LOCAL:bob"), StoreKit.TEXT, "ann", "bob");
                assertThat(operations).filteredOn(Forced.class::isInstance).hasSize(1);
                assertThat(operations).filteredOn(Written.class::isInstance).hasSize(1);
            }
            StoreCheck check = store.maintenance().check(progress -> {});
            assertThat(check.isWell()).as("%s", check.problems()).isTrue();
            assertThat(check.records()).containsEntry("FILED", 41L).containsEntry("MESSAGE", 21L);
            assertThat(check.records()).containsEntry("BEGUN", 0L).containsEntry("STATE", 0L);
            assertThat(check.finished()).isEqualTo(21);
            assertThat(check.filed()).isEqualTo(41);
        }
    }

    @Test
    void aLargeContentHasAFileForEachWhoNeedsIt() throws Exception {
        Path contents = temp.resolve("content");
        try (FileStore store = TestStores.open(temp, clock)) {
            Served whole = serve(store, StoreKit.to("LOCAL:ann", "LOCAL:bob"), LARGE, "ann", "bob");
            assertThat(Trees.list(contents)).as("no more than the copies").hasSize(2);
            Served half = serve(store, StoreKit.to("LOCAL:ann", "eve@example.org"), LARGE, "ann");
            assertThat(Trees.list(contents)).hasSize(4);
            var claim = store.claim(1, clock.instant(), StoreKit.LEASE).get(0);
            StoreKit.get(store.settle(
                    claim,
                    new io.spooler.store.Settlement(
                            null, List.of(StoreKit.to(1, RecipientState.RELAYED, null)), true)));
            assertThat(Trees.list(contents)).as("that of the queue has gone").hasSize(3);
            assertThat(StoreKit.text(
                            store.folders().content(half.copies().get(0).id()).orElseThrow()))
                    .isEqualTo(LARGE);
            for (Mailboxes.Entry copy : whole.copies()) {
                store.folders().delete(copy.id());
            }
            store.folders().delete(half.copies().get(0).id());
            assertThat(Trees.list(contents)).isEmpty();
            serve(
                    store,
                    StoreKit.to("LOCAL:ann", "LOCAL:bob").with(Envelope.Options.DEFAULT.withIdempotencyKey("once")),
                    LARGE,
                    "ann",
                    "bob");
            try (Serving again = store.begin(
                    StoreKit.to("LOCAL:ann", "LOCAL:bob").with(Envelope.Options.DEFAULT.withIdempotencyKey("once")),
                    part("ann", "bob"))) {
                StoreKit.write(again, LARGE);
                StoreKit.get(again.commit());
                assertThat(again.served()).isEmpty();
            }
            assertThat(Trees.list(contents)).as("nothing of the second one").hasSize(2);
        }
    }

    /** As a power loss leaves it that took the first of the blocks that were written together. */
    private void damage(String text) throws IOException {
        Trees.forget(temp);
        Path segment = Trees.segment(temp);
        byte[] octets = Files.readAllBytes(segment);
        int at = new String(octets, StandardCharsets.ISO_8859_1).indexOf(text);
        assertThat(at).isPositive();
        octets[at] ^= 1;
        Files.write(segment, octets);
    }

    @Test
    void aMessageWithoutOneOfItsCopiesNeverHappened() throws Exception {
        Envelope envelope =
                StoreKit.to("LOCAL:ann", "LOCAL:bob").with(Envelope.Options.DEFAULT.withIdempotencyKey("once"));
        SpoolId first;
        SpoolId other;
        try (FileStore store = TestStores.open(temp, clock)) {
            first = serve(store, envelope, "the content", "ann", "bob").status().id();
            other = serve(store, StoreKit.to("LOCAL:eve"), "another", "eve")
                    .status()
                    .id();
        }
        damage("the content");
        for (int start = 0; start < 2; start++) {
            try (FileStore store = TestStores.open(temp, clock)) {
                assertThat(store.find(first)).isEmpty();
                assertThat(store.find(other).orElseThrow().complete()).isTrue();
                serve(store, StoreKit.to("LOCAL:bob"), "makes durable what was written before", "bob");
                assertThat(store.maintenance().check(progress -> {}).finished()).isEqualTo(2 + start);
            }
        }
        Trees.forget(temp);
        try (FileStore store = TestStores.open(temp, clock)) {
            assertThat(store.find(first)).isEmpty();
            Served again = serve(store, envelope, "the content", "ann", "bob");
            assertThat(again.status().id()).as("the key is free").isGreaterThan(first);
        }
    }

    @Test
    void whoHasNoCopyIsServedByTheSpoolerIfTheMessageIsInTheQueue() throws Exception {
        SpoolId id;
        try (FileStore store = TestStores.open(temp, clock)) {
            id = serve(store, StoreKit.to("LOCAL:ann", "eve@example.org"), "the content", "ann")
                    .status()
                    .id();
        }
        damage("the content");
        for (int start = 0; start < 2; start++) {
            try (FileStore store = TestStores.open(temp, clock)) {
                assertThat(store.find(id).orElseThrow().recipients())
                        .extracting(r -> r.state())
                        .containsExactly(RecipientState.READY, RecipientState.READY);
                assertThat(store.status().recipients()).containsOnlyKeys(RecipientState.READY);
                var claim = store.claim(9, clock.instant(), StoreKit.LEASE).get(0);
                assertThat(claim.due()).containsExactly(0, 1);
                assertThat(StoreKit.text(claim.message().content())).isEqualTo("the content");
                store.release(claim);
            }
        }
    }

    @Test
    void aCheckpointIsBelievedWhateverBecameOfTheCopies() throws Exception {
        SpoolId id;
        try (FileStore store = TestStores.open(temp, clock)) {
            Served served = serve(store, StoreKit.to("LOCAL:ann"), "the content", "ann");
            id = served.status().id();
            store.folders().delete(served.copies().get(0).id());
        }
        try (FileStore store = TestStores.open(temp, clock)) {
            assertThat(store.find(id).orElseThrow().complete()).isTrue();
        }
        Trees.forget(temp);
        try (FileStore store = TestStores.open(temp, clock)) {
            assertThat(store.find(id).orElseThrow().complete())
                    .as("a copy that was deleted was there")
                    .isTrue();
        }
    }
}
