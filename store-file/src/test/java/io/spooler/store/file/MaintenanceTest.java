package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.StoreMaintenance;
import io.spooler.store.StoreMaintenance.Compaction;
import io.spooler.store.StoreMaintenance.Quarantined;
import io.spooler.testkit.StoreKit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compaction gives space back; messages can be taken out; the quarantine leads nowhere else. */
@Timeout(120)
class MaintenanceTest {

    private static final String BULK = "0123456789".repeat(2000);

    @TempDir
    Path temp;

    private Path directory() {
        return temp.resolve("store");
    }

    private StoreKit kit() {
        return TestStores.kit(directory());
    }

    private static StoreMaintenance maintenance(StoreKit kit) {
        return ((FileStore) kit.store()).maintenance();
    }

    @Test
    void compactsWhatTheCarerLeaves() throws Exception {
        List<SpoolId> living = new ArrayList<>();
        try (StoreKit kit = kit()) {
            // Two of three live: too many for the carer, and a third of the space to be won.
            for (int i = 0; i < 120; i++) {
                living.add(kit.submit(StoreKit.to("bulk@example.org"), BULK));
                if (i % 3 == 0) {
                    kit.store()
                            .claim(living.remove(living.size() - 1), kit.now(), StoreKit.LEASE)
                            .ifPresent(claim -> complete(kit, claim));
                }
            }
            List<String> told = new ArrayList<>();
            Compaction done = maintenance(kit).compact(told::add);
            assertThat(done.pieces()).isGreaterThan(5);
            assertThat(done.after()).isLessThan(done.before() * 3 / 4);
            assertThat(done.text()).isEmpty();
            assertThat(told).hasSize((int) done.pieces()).first().asString().startsWith("journal segment 1 of");
            assertThat(maintenance(kit).check(text -> {}).isWell()).isTrue();
            assertThat(maintenance(kit).compact(text -> {}).pieces())
                    .as("nothing is left to be won")
                    .isZero();
        }
        try (StoreKit kit = kit()) {
            for (SpoolId id : living) {
                assertThat(StoreKit.text(kit.find(id).content())).isEqualTo(BULK);
            }
        }
    }

    private static void complete(StoreKit kit, Claim claim) {
        try {
            kit.complete(claim);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void givesOutWhatIsQueuedOrFiled() throws Exception {
        try (StoreKit kit = kit()) {
            SpoolId finished = kit.submit("ann@example.org");
            kit.complete(kit.claimOne());
            SpoolId queued = kit.submit(StoreKit.to("ann@example.org"), "in the queue");
            SpoolId filed = kit.file("ann", "INBOX").id();
            StoreMaintenance maintenance = maintenance(kit);
            assertThat(StoreKit.text(maintenance.content(queued).orElseThrow())).isEqualTo("in the queue");
            assertThat(StoreKit.text(maintenance.content(filed).orElseThrow())).isEqualTo(StoreKit.TEXT);
            assertThat(maintenance.content(finished)).isEmpty();
            assertThat(maintenance.content(new SpoolId(1, 2))).isEmpty();
        }
    }

    private void damage() throws Exception {
        try (StoreKit kit = kit()) {
            kit.submit("ann@example.org");
            kit.submit("ann@example.org");
        }
        Path segment = Trees.segment(directory());
        byte[] octets = Files.readAllBytes(segment);
        octets[200] ^= 1;
        Files.write(segment, octets);
        Files.delete(directory().resolve("checkpoint")); // Otherwise a start does not look there.
    }

    @Test
    void listsAndGivesOutAndDropsWhatWasPutAside() throws Exception {
        damage();
        try (StoreKit kit = kit()) {
            StoreMaintenance maintenance = maintenance(kit);
            Quarantined item = maintenance.quarantine().get(0);
            assertThat(item.name()).isEqualTo("0000000001-128.damaged");
            assertThat(item.text()).isEqualTo("octets of journal segment 1 from 128, which are no whole record");
            byte[] octets =
                    maintenance.quarantined(item.name()).orElseThrow().open().readAllBytes();
            assertThat(octets).hasSize((int) item.size());
            assertThat(new String(octets, StandardCharsets.ISO_8859_1)).contains(StoreKit.TEXT);
            assertThat(maintenance.drop(item.name())).isTrue();
            assertThat(maintenance.drop(item.name())).isFalse();
            assertThat(maintenance.quarantine()).isEmpty();
        }
    }

    @Test
    void saysWhatEachThingIs() throws Exception {
        SpoolId id = new SpoolId(1, 2);
        Path quarantine = Files.createDirectories(directory().resolve("quarantine"));
        for (String name : List.of("0000000007.log", id + ".damaged", id.toString(), "else")) {
            Files.writeString(quarantine.resolve(name), "x");
        }
        Files.createDirectory(quarantine.resolve("directory"));
        StoreMaintenance maintenance = new StoppedMaintenance("stopped", TestStores.disk(), directory(), false);
        assertThat(maintenance.quarantine())
                .extracting(Quarantined::text)
                .containsExactlyInAnyOrder(
                        "journal segment 7, which has no readable header",
                        "a content that belongs to no readable message",
                        "the record of message " + id + ", which cannot be read",
                        "not known");
        assertThatThrownBy(() -> maintenance.compact(text -> {})).isInstanceOf(SpoolException.class);
        assertThatThrownBy(() -> maintenance.content(id)).isInstanceOf(SpoolException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../outside", "/etc/passwd", "..", ".", "", "../quarantine/0000000001-128.damaged", "a\0b", "*"})
    void takesNoNameForAPath(String name) throws Exception {
        damage();
        Files.writeString(directory().resolve("outside"), "x");
        try (StoreKit kit = kit()) {
            assertThat(maintenance(kit).quarantined(name)).isEmpty();
            assertThat(maintenance(kit).drop(name)).isFalse();
            assertThat(directory().resolve("outside")).exists();
            assertThat(maintenance(kit).quarantine()).hasSize(1);
        }
    }

    @Test
    void followsNoLink() throws IOException {
        Path outside = Files.writeString(temp.resolve("outside"), "x");
        Path quarantine = Files.createDirectories(directory().resolve("quarantine"));
        Files.createSymbolicLink(quarantine.resolve("0000000001.log"), outside);
        StoreMaintenance maintenance = new StoppedMaintenance("stopped", TestStores.disk(), directory(), false);
        assertThat(maintenance.quarantine()).isEmpty();
        assertThat(maintenance.quarantined("0000000001.log")).isEmpty();
        assertThat(maintenance.drop("0000000001.log")).isFalse();
    }
}
