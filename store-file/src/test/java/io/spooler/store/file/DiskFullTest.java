package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.SpoolException.Reason;
import io.spooler.store.StoreStatus.Condition;
import io.spooler.store.file.content.Limits;
import io.spooler.testkit.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk is full (reliability test c2): nothing new is taken, and what is there goes out. Upkeep by hand. */
class DiskFullTest {

    private static final int CAPACITY = 8 << 20;
    private static final int FLOOR = 1 << 20;
    private static final int SMALL = 2000;
    private static final int LARGE = 100_000;

    @TempDir
    Path directory;

    private final ManualClock clock = new ManualClock();
    private final FullDisk disk = new FullDisk(new MemoryDisk(MemoryDisk.Log.NONE), CAPACITY);
    private final Backlog backlog = new Backlog();

    private FileStore open() throws Exception {
        StoreOptions options = new StoreOptions(
                directory,
                new Limits(1 << 20, 1000, 64 * 1024),
                Duration.ofDays(3),
                1000,
                TestStores.SEGMENT,
                FLOOR,
                0,
                "");
        return FileStore.open(options, disk, clock);
    }

    /** A segment is filled so far that the outcomes of all messages need another one. */
    private FileStore filled() throws Exception {
        FileStore store = open();
        backlog.file(store, 10);
        backlog.fill(store, 600, SMALL);
        store.care();
        int segments = segments();
        while (segments() == segments) {
            backlog.fill(store, 1, SMALL);
        }
        backlog.fill(store, 100, SMALL);
        store.care();
        return store;
    }

    private int segments() throws Exception {
        return (int) disk.list(directory.resolve("journal")).stream()
                .filter(path -> path.toString().endsWith(".log"))
                .count();
    }

    private void isFull(FileStore store) throws Exception {
        store.care();
        assertThat(store.status().condition()).isEqualTo(Condition.FULL);
        assertThat(backlog.submit(store, SMALL)).contains(Reason.STORE_FULL);
    }

    private void isWellAgain(FileStore store) throws Exception {
        disk.clear();
        store.care();
        assertThat(store.status().condition()).isEqualTo(Condition.AVAILABLE);
        backlog.fill(store, 300, SMALL);
        backlog.fill(store, 1, LARGE);
        backlog.check(store);
    }

    @Test
    void stopsAcceptingInTimeWhenItFillsSlowly() throws Exception {
        try (FileStore store = open()) {
            Reason refusal = backlog.submitUntilRefused(store, LARGE, 100, store::care);
            assertThat(refusal).isEqualTo(Reason.STORE_FULL);
            isFull(store);
            backlog.deliver(store, backlog.size() / 2, clock.instant());
        }
        try (FileStore store = open()) {
            backlog.check(store);
            backlog.deliver(store, backlog.size(), clock.instant());
            isWellAgain(store);
        }
    }

    @Test
    void deliversAndDeletesWhenItIsFullAtOnce() throws Exception {
        try (FileStore store = filled()) {
            disk.leave(0);
            isFull(store);
            backlog.deliver(store, backlog.size(), clock.instant());
            backlog.deleteFiled(store);
            backlog.check(store);
            isWellAgain(store);
        }
    }

    @Test
    void startsAndDeliversOnAFullDisk() throws Exception {
        try (FileStore store = filled()) {
            disk.leave(0);
            isFull(store);
            backlog.deliver(store, 50, clock.instant());
        }
        try (FileStore store = open()) {
            backlog.check(store);
            isFull(store);
            backlog.deliver(store, backlog.size(), clock.instant());
            isWellAgain(store);
        }
    }

    @Test
    void deliversWithoutInodes() throws Exception {
        try (FileStore store = filled()) {
            disk.takeInodes();
            store.care();
            assertThat(backlog.submit(store, LARGE)).contains(Reason.STORE_FULL);
            assertThat(backlog.submitUntilRefused(store, SMALL, 1000, store::care))
                    .isEqualTo(Reason.STORE_FULL);
            backlog.check(store);
            backlog.deliver(store, backlog.size(), clock.instant());
            isWellAgain(store);
        }
    }
}
