package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.StoreStatus.Condition;
import io.spooler.store.file.content.Limits;
import io.spooler.store.file.journal.LocalDisk;
import io.spooler.testkit.StoreKit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator allows the store to hold. Upkeep by hand. */
class QuotaTest {

    private static final int QUOTA = 600_000;
    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    private StoreOptions options(int maxFinished, long minimumFree, long quota) {
        return new StoreOptions(
                directory,
                new Limits(50 << 20, 1000, 64 * 1024),
                Duration.ofDays(3),
                maxFinished,
                TestStores.SEGMENT,
                minimumFree,
                quota,
                "");
    }

    private StoreKit kit(StoreOptions options) {
        return StoreKit.durable(clock -> FileStore.open(options, new LocalDisk(), clock), TestStores::close);
    }

    private static void care(StoreKit kit) {
        ((FileStore) kit.store()).care();
    }

    /** Contents in the journal, and in files of their own. */
    @ParameterizedTest
    @ValueSource(ints = {20_000, 100_000})
    void whoHasReachedTheQuotaTakesNothingNewAndGivesEverything(int size) throws Exception {
        try (StoreKit kit = kit(options(1000, 0, QUOTA))) {
            String content = "x".repeat(size);
            int taken = 0;
            while (kit.store().status().condition() == Condition.AVAILABLE) {
                kit.submit(StoreKit.to("ann@example.org"), content);
                taken++;
                care(kit);
                assertThat(taken).as("taken in spite of the quota").isLessThan(100);
            }
            assertThat(kit.store().status().condition()).isEqualTo(Condition.FULL);
            assertThat(kit.store().status().text()).contains("quota=" + QUOTA);
            assertThat(taken * (long) size).isBetween(QUOTA - 2L * size, QUOTA + 2L * size);
            assertThatThrownBy(() -> kit.submit(StoreKit.to("bob@example.org"), "one more"))
                    .isInstanceOfSatisfying(
                            SpoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(SpoolException.Reason.STORE_FULL));
            for (var claim : kit.claim(taken)) {
                kit.complete(claim);
            }
            care(kit);
            assertThat(kit.submit(StoreKit.to("bob@example.org"), "there is room"))
                    .isNotNull();
        }
    }

    @Test
    void aQuotaThatIsSetWhileItRunsCounts() throws Exception {
        try (StoreKit kit = kit(options(1000, 0, 0))) {
            for (int i = 0; i < 4; i++) {
                kit.submit(StoreKit.to("ann@example.org"), "x".repeat(20_000));
            }
            FileStore store = (FileStore) kit.store();
            store.configure(options(1000, 0, 50_000));
            assertThat(store.status().condition()).isEqualTo(Condition.FULL);
            store.configure(options(1000, 0, 500_000));
            assertThat(store.status().condition()).isEqualTo(Condition.AVAILABLE);
        }
    }

    @Test
    void ofFinishedMessagesTheLastOnesAreKept() throws Exception {
        try (StoreKit kit = kit(options(3, 0, 0))) {
            List<SpoolId> ids = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ids.add(kit.submit(StoreKit.to("ann@example.org"), "text"));
                kit.complete(kit.claim(1).get(0));
                kit.clock().advance(Duration.ofSeconds(1));
            }
            care(kit);
            assertThat(ids.subList(0, 7))
                    .allSatisfy(id -> assertThat(kit.store().find(id)).isEmpty());
            assertThat(ids.subList(7, 10))
                    .allSatisfy(id -> assertThat(kit.store().find(id)).isPresent());
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 1000, 100", "-1, 100, 75", "-1, 1000000, 5120", "7, 1000, 7"})
    void whatMustStayFree(long minimumFreeMib, long capacityMib, long floorMib) {
        long minimumFree = minimumFreeMib < 0 ? StoreOptions.AUTOMATIC : minimumFreeMib * MIB;
        assertThat(options(1000, minimumFree, 0).floor(capacityMib * MIB)).isEqualTo(floorMib * MIB);
    }
}
