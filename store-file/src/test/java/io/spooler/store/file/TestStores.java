package io.spooler.store.file;

import io.spooler.store.MessageStore;
import io.spooler.store.file.content.Limits;
import io.spooler.store.file.journal.Disk;
import io.spooler.store.file.journal.LocalDisk;
import io.spooler.testkit.StoreKit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** Small stores for tests. */
final class TestStores {

    static final int SEGMENT = 256 * 1024;

    private TestStores() {}

    static Disk disk() {
        return new LocalDisk();
    }

    static StoreOptions options(Path directory) {
        return options(directory, SEGMENT);
    }

    static StoreOptions options(Path directory, long segmentSize) {
        return new StoreOptions(
                directory, new Limits(50 << 20, 1000, 64 * 1024), Duration.ofDays(3), 1000, segmentSize, 0, 0, "");
    }

    static FileStore open(Path directory, Clock clock) throws IOException {
        return open(directory, new LocalDisk(), clock);
    }

    static FileStore open(Path directory, Disk disk, Clock clock) throws IOException {
        return FileStore.open(options(directory), disk, clock);
    }

    static StoreKit kit(Path directory) {
        return StoreKit.durable(clock -> open(directory, clock), TestStores::close);
    }

    static void close(MessageStore store) throws IOException {
        ((FileStore) store).close();
    }
}
