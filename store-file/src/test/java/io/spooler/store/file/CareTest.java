package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Mailboxes.Entry;
import io.spooler.Origins;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Folders;
import io.spooler.store.Settlement;
import io.spooler.testkit.StoreKit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Space comes back, and nothing that lives is lost with it. */
class CareTest {

    private static final String BULK = "0123456789".repeat(2000);

    @TempDir
    Path directory;

    private StoreKit kit() {
        return TestStores.kit(directory);
    }

    private int segments() throws Exception {
        return Trees.segments(directory).size();
    }

    private static void fillAndFinish(StoreKit kit, int messages) throws Exception {
        for (int i = 0; i < messages; i++) {
            kit.submit(StoreKit.to("bulk@example.org"), BULK);
            kit.claim(1).forEach(claim -> {
                try {
                    kit.complete(claim);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }
    }

    private static void care(StoreKit kit) {
        ((FileStore) kit.store()).care();
    }

    @Test
    void givesBackTheSpaceOfFinishedMessages() throws Exception {
        try (StoreKit kit = kit()) {
            fillAndFinish(kit, 120);
            care(kit);
            assertThat(segments()).as("of about ten that were filled").isLessThanOrEqualTo(2);
        }
    }

    @Test
    void copiesWhatLivesOutOfOldSegments() throws Exception {
        Map<SpoolId, String> living = new HashMap<>();
        SpoolId finished;
        SpoolId keyed;
        Entry filed;
        try (StoreKit kit = kit()) {
            finished = kit.submit("gone@example.org");
            kit.complete(kit.claimOne());
            filed = kit.file("Ann", "Inbox");
            kit.store().folders().mark(filed.id(), Set.of("\\Seen"));
            Entry deleted = kit.file("Bob", "Inbox");
            kit.store().folders().delete(deleted.id());
            keyed = kit.submit(
                    StoreKit.to("key@example.org").with(Envelope.Options.DEFAULT.withIdempotencyKey("k")), "keyed");
            living.put(keyed, "keyed");
            living.put(kit.submit(StoreKit.to("large@example.org"), BULK.repeat(5)), BULK.repeat(5));
            SpoolId tried = kit.submit(StoreKit.to("tried@example.org", "other@example.org"), "tried");
            living.put(tried, "tried");
            for (Claim claim : kit.claim(100)) {
                kit.settle(claim, RecipientState.HELD, null);
            }
            SpoolId held = kit.submit(StoreKit.to("claimed@example.org"), "claimed");
            living.put(held, "claimed");
            Claim claim = kit.claimOne();
            Content content = claim.message().content();
            fillAndFinish(kit, 60);
            Path oldest = Trees.segments(directory).get(0);
            care(kit);
            assertThat(oldest).doesNotExist();
            assertThat(StoreKit.text(content))
                    .as("read under a claim that began before")
                    .isEqualTo("claimed");
            kit.settle(claim, Settlement.of(List.of(StoreKit.to(0, RecipientState.HELD, null))));
            check(kit, living, finished, keyed, filed);
        }
        try (StoreKit kit = kit()) {
            check(kit, living, finished, keyed, filed);
            fillAndFinish(kit, 60);
            care(kit);
            check(kit, living, finished, keyed, filed);
        }
    }

    private static void check(StoreKit kit, Map<SpoolId, String> living, SpoolId finished, SpoolId keyed, Entry filed)
            throws Exception {
        for (Map.Entry<SpoolId, String> expected : living.entrySet()) {
            assertThat(StoreKit.text(kit.find(expected.getKey()).content())).isEqualTo(expected.getValue());
            assertThat(kit.states(expected.getKey())).containsOnly(RecipientState.HELD);
        }
        assertThat(kit.find(finished).complete()).isTrue();
        assertThat(kit.store().status().messages()).isEqualTo(living.size());
        assertThat(kit.submit(
                        StoreKit.to("key@example.org").with(Envelope.Options.DEFAULT.withIdempotencyKey("k")), "again"))
                .isEqualTo(keyed);
        assertThat(kit.store().folders().mailboxes()).containsExactly("Ann", "Bob");
        Entry now = kit.store().folders().entry(filed.id()).orElseThrow();
        assertThat(now.flags()).containsExactly("\\Seen");
        assertThat(StoreKit.text(kit.store().folders().content(filed.id()).orElseThrow()))
                .isEqualTo(StoreKit.TEXT);
        assertThat(kit.store().folders().list("ann", "inbox", 0, 10)).hasSize(1);
    }

    @Test
    void keepsSequencesGrowingWhenEverythingWasRemoved() throws Exception {
        long last;
        try (StoreKit kit = kit()) {
            Entry entry = kit.file("ann", "INBOX");
            last = entry.sequence();
            kit.store().folders().delete(entry.id());
            fillAndFinish(kit, 60);
            care(kit);
        }
        try (StoreKit kit = kit()) {
            assertThat(kit.file("ann", "INBOX").sequence()).isGreaterThan(last);
        }
    }

    @Test
    void remembersOriginsWhoseRecordsWereGivenBack() throws Exception {
        Origins.Origin filed = new Origins.Origin("imap", "1", "print");
        Origins.Origin forgotten = new Origins.Origin("imap", "2", "");
        Origins.Origin alone = new Origins.Origin("imap", "3", "");
        try (StoreKit kit = kit()) {
            Folders folders = kit.store().folders();
            for (Origins.Origin origin : List.of(filed, forgotten)) {
                Folders.Incoming incoming = folders.receive();
                StoreKit.write(incoming, StoreKit.TEXT);
                StoreKit.get(incoming.file(new Folders.Filing("ann", "INBOX", "mail", null, Set.of()), origin));
            }
            folders.origins().remember(alone);
            folders.origins().forget("imap", List.of("2"));
            Path oldest = Trees.segments(directory).get(0);
            fillAndFinish(kit, 60);
            care(kit);
            assertThat(oldest).doesNotExist();
            assertThat(folders.origins().of("imap")).containsExactlyInAnyOrder(filed, alone);
        }
        Trees.forget(directory);
        try (StoreKit kit = kit()) {
            assertThat(kit.store().folders().origins().of("imap")).containsExactlyInAnyOrder(filed, alone);
        }
    }

    @Test
    void forgetsFinishedMessagesAfterTheirRetention() throws Exception {
        try (StoreKit kit = kit()) {
            SpoolId id = kit.submit("ann@example.org");
            kit.complete(kit.claimOne());
            kit.clock().advance(Duration.ofDays(3).minusMillis(1));
            care(kit);
            assertThat(kit.store().find(id)).isPresent();
            kit.clock().advance(Duration.ofMillis(2));
            care(kit);
            assertThat(kit.store().find(id)).isEmpty();
            kit.reopen();
            care(kit);
            assertThat(kit.store().find(id)).isEmpty();
        }
    }

    @Test
    void keepsAManyPieceLedgerOverACopy() throws Exception {
        String[] many = new String[60];
        Arrays.setAll(many, i -> "user" + i + "@example.org");
        try (StoreKit kit = kit()) {
            SpoolId id = kit.submit(many);
            Claim claim = kit.claimOne();
            for (int i = 0; i < 20; i++) {
                kit.settle(claim, Settlement.of(List.of(StoreKit.to(i, RecipientState.RELAYED, null))));
            }
            fillAndFinish(kit, 60);
            care(kit);
            for (int i = 20; i < 60; i++) {
                kit.settle(claim, Settlement.of(List.of(StoreKit.to(i, RecipientState.HELD, null))));
            }
            kit.reopen();
            assertThat(kit.states(id).subList(0, 20)).containsOnly(RecipientState.RELAYED);
            assertThat(kit.states(id).subList(20, 60)).containsOnly(RecipientState.HELD);
            assertThat(Files.size(Trees.segments(directory).get(0))).isPositive();
        }
    }
}
