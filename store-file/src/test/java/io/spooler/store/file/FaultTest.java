package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Draft;
import io.spooler.RecipientState;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.Claim;
import io.spooler.store.Folders.Filing;
import io.spooler.store.Folders.Incoming;
import io.spooler.store.Settlement;
import io.spooler.store.StoreStatus.Condition;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.StoreKit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The disk fails at every operation once (reliability 1.2, 1.4, test c), and the power with it (test b in small). */
class FaultTest {

    private static final int SEGMENT = 8 * 1024;
    private static final String LARGE = "large content ".repeat(8000);

    @TempDir
    Path temp;

    private final ManualClock clock = new ManualClock();

    /** What the store promised. */
    private static final class Promises {
        private final Map<SpoolId, String> accepted = new HashMap<>();
        private final Set<SpoolId> completed = new HashSet<>();
        private final Map<SpoolId, String> filed = new HashMap<>();
        private boolean forgetful;
        private boolean stopped;
    }

    private interface Work {
        void run(FileStore store, Promises promises);
    }

    @ParameterizedTest
    @CsvSource({"ERROR, false", "ERROR, true", "FULL, false", "FULL, true"})
    void keepsItsPromisesWhateverOperationFails(FaultyDisk.Fault fault, boolean forEver) throws Exception {
        assertThat(everyOperation(fault, forEver, this::work)).isGreaterThan(20);
    }

    @ParameterizedTest
    @CsvSource({"ERROR, false", "ERROR, true", "FULL, false", "FULL, true"})
    void keepsItsPromisesWhateverOperationOfTheUpkeepFails(FaultyDisk.Fault fault, boolean forEver) throws Exception {
        assertThat(everyOperation(fault, forEver, this::live)).isGreaterThan(100);
    }

    /** Returns how many failed: that depends on how the batches fall, so until a run is not disturbed any more. */
    private int everyOperation(FaultyDisk.Fault fault, boolean forEver, Work work) throws Exception {
        int k = 1;
        while (run(k, fault, forEver, work)) {
            k++;
        }
        return k;
    }

    @Test
    void writesOnAfterAShortWrite() throws Exception {
        for (int k = 1; k <= 30; k++) {
            run(k, FaultyDisk.Fault.SHORT_WRITE, k % 2 == 0, this::work);
        }
    }

    /** Says whether the fault was met. */
    private boolean run(int k, FaultyDisk.Fault fault, boolean forEver, Work work) throws Exception {
        Path root = temp.resolve(fault + "-" + forEver + k);
        Path image = temp.resolve(fault + "-" + forEver + k + "-image");
        Files.createDirectories(root);
        FaultyDisk disk = new FaultyDisk(root, image, k, fault, forEver);
        Promises promises = new Promises();
        try (FileStore store = FileStore.open(TestStores.options(root, SEGMENT), disk, clock)) {
            work.run(store, promises);
            if (promises.stopped) {
                awaitFailed(store);
                assertThat(store.claim(10, clock.instant(), StoreKit.LEASE)).isEmpty();
                assertThat(store.nextDue()).isEmpty();
            }
            // Before the close: the power fails now.
            checkImage(image, k, promises);
        } catch (IOException e) {
            assertThat(disk.hasFailed()).as("opening fails only for a reason").isTrue();
        }
        assertThat(disk.forcedAgain()).as("forced after a failed force").isEmpty();
        Trees.delete(root);
        Trees.delete(image);
        return disk.hasFailed();
    }

    /** Whoever is refused because the store has stopped finds it so within a second. */
    private static void awaitFailed(FileStore store) {
        long deadline = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (store.status().condition() != Condition.FAILED) {
            assertThat(System.nanoTime())
                    .as("the store says that it has failed")
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** Enough for some segments, most of them garbage, and all that upkeep does about it. */
    private void live(FileStore store, Promises promises) {
        promises.forgetful = true;
        for (int i = 0; i < 24; i++) {
            submit(store, i % 12 == 5 ? LARGE + i : "x".repeat(700) + i, promises);
        }
        List<SpoolId> filed = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            file(store, i == 1 ? LARGE + i : "filed " + i, promises, filed);
        }
        store.care();
        for (Claim claim : store.claim(18, clock.instant(), StoreKit.LEASE)) {
            complete(store, claim, promises);
        }
        if (filed.size() == 4) {
            change(promises, () -> store.folders().mark(filed.get(0), Set.of("seen")));
            change(promises, () -> store.folders().move(filed.get(1), "Archive"));
            // Before the call: it may be gone whatever is said of it.
            promises.filed.remove(filed.get(2));
            change(promises, () -> store.folders().delete(filed.get(2)));
        }
        clock.advance(Duration.ofDays(4));
        for (int i = 0; i < 4; i++) {
            store.care();
            submit(store, "y".repeat(700) + i, promises);
        }
    }

    private interface Change {
        boolean run() throws SpoolException;
    }

    private static void change(Promises promises, Change change) {
        try {
            change.run();
        } catch (SpoolException e) {
            promises.stopped = true;
        }
    }

    private static void file(FileStore store, String text, Promises promises, List<SpoolId> filed) {
        try (Incoming incoming = store.folders().receive()) {
            incoming.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            StoreKit.get(incoming.file(new Filing("ann", "INBOX", "IPM.Note", null, Set.of()), null));
            promises.filed.put(incoming.id(), text);
            filed.add(incoming.id());
        } catch (SpoolException e) {
            promises.stopped |= e.reason() == SpoolException.Reason.STORE_STOPPED;
        } catch (IOException e) {
            // Its content file could not be written. Nothing was promised.
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void work(FileStore store, Promises promises) {
        for (int i = 0; i < 6; i++) {
            submit(store, i % 3 == 1 ? LARGE + i : "small " + i, promises);
        }
        List<Claim> claims = store.claim(3, clock.instant(), StoreKit.LEASE);
        for (Claim claim : claims) {
            complete(store, claim, promises);
        }
        for (int i = 0; i < 3; i++) {
            submit(store, "later " + i, promises);
        }
    }

    private static void submit(FileStore store, String text, Promises promises) {
        long started = System.nanoTime();
        try (Draft draft = store.begin(StoreKit.to("ann@example.org"))) {
            StoreKit.write(draft, text);
            promises.accepted.put(StoreKit.get(draft.commit()), text);
            assertThat(promises.stopped && store.status().condition() == Condition.FAILED)
                    .as("accepted after a stop")
                    .isFalse();
        } catch (SpoolException e) {
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .as("told in time")
                    .isLessThan(Duration.ofSeconds(1));
            // A content that cannot be written costs its message only; anything else costs the store.
            if (e.reason() != SpoolException.Reason.STORE_FULL) {
                assertThat(e.reason()).isEqualTo(SpoolException.Reason.STORE_STOPPED);
                promises.stopped = true;
            }
        } catch (IOException e) {
            // The draft could not be written: a content file. Nothing was promised.
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void complete(FileStore store, Claim claim, Promises promises) {
        try {
            StoreKit.get(store.settle(
                    claim, new Settlement(null, List.of(StoreKit.to(0, RecipientState.RELAYED, null)), true)));
            promises.completed.add(claim.message().id());
        } catch (SpoolException e) {
            promises.stopped = true;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void checkImage(Path image, int k, Promises promises) throws Exception {
        Path copy = temp.resolve("after");
        Trees.copy(image, copy);
        try (StoreKit kit = TestStores.kit(copy)) {
            for (Map.Entry<SpoolId, String> accepted : promises.accepted.entrySet()) {
                SpoolId id = accepted.getKey();
                if (promises.forgetful && promises.completed.contains(id)) {
                    continue;
                }
                assertThat(kit.store().find(id))
                        .as("%s after failure %s", id, k)
                        .isPresent();
                boolean complete = kit.find(id).complete();
                if (promises.completed.contains(id)) {
                    assertThat(complete).as("completed before failure %s", k).isTrue();
                }
                if (!complete) {
                    assertThat(StoreKit.text(kit.find(id).content())).isEqualTo(accepted.getValue());
                }
            }
            for (Map.Entry<SpoolId, String> filed : promises.filed.entrySet()) {
                assertThat(kit.store().folders().content(filed.getKey()))
                        .as("%s, filed, after failure %s", filed.getKey(), k)
                        .isPresent();
                assertThat(StoreKit.text(
                                kit.store().folders().content(filed.getKey()).orElseThrow()))
                        .isEqualTo(filed.getValue());
            }
        }
        Trees.delete(copy);
    }
}
