package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.SpoolException.Reason;
import io.spooler.settings.SettingsException;
import io.spooler.store.MessageStore;
import io.spooler.store.StoreStatus.Condition;
import io.spooler.store.file.journal.LocalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real file system is full (reliability test c2): a small ext4, and the store as it is installed. */
class RealDiskFullTest {

    private static final long SIZE = 48L << 20;
    private static final int PIECE = 1 << 20;
    private static final int SMALL = 2000;
    private static final int LARGE = 200_000;
    private static final int QUEUED = 1500;
    private static final int PATIENCE_SECONDS = 10;
    private static final int TICK_MILLIS = 50;

    @TempDir
    Path directory;

    private final Backlog backlog = new Backlog();
    private final StoreComponent store = new StoreComponent();
    private LoopMount mount;

    @AfterEach
    void close() throws IOException {
        store.deactivate();
        if (mount != null) {
            mount.close();
        }
    }

    private void mount(String... options) throws IOException {
        mount = LoopMount.make(directory, "ext4", SIZE, options);
        open();
    }

    private Map<String, Object> settings() {
        return Map.of(
                "directory", mount.point().resolve("spool").toString(),
                "minimum_free", "4M",
                "segment_size", "1M",
                "max_message_size", "1M");
    }

    private StoreOptions options() throws SettingsException {
        return StoreOptions.of(settings());
    }

    private void open() {
        store.activate(settings());
    }

    /** Fills what is free; false if less than a piece was. */
    private boolean grow() throws IOException {
        Path ballast = mount.point().resolve("ballast");
        try (FileChannel file = FileChannel.open(
                ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            while (piece.hasRemaining()) {
                file.write(piece);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A store that was just opened has the first second to make it. */
    private void awaitReserve() throws InterruptedException {
        Path reserve = mount.point().resolve("spool/journal/spare");
        await(() -> Files.exists(reserve));
        assertThat(reserve).exists();
    }

    private static void await(BooleanSupplier event) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!event.getAsBoolean() && System.nanoTime() < deadline) {
            assertThat(never.await(TICK_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private static void await(MessageStore store, Condition wanted) throws InterruptedException {
        await(() -> store.status().condition() == wanted);
        assertThat(store.status().condition())
                .as("within %s s: %s", PATIENCE_SECONDS, store.status().text())
                .isEqualTo(wanted);
    }

    private void isWellAgain(MessageStore store) throws Exception {
        Files.delete(mount.point().resolve("ballast"));
        await(store, Condition.AVAILABLE);
        backlog.fill(store, 100, SMALL);
        backlog.check(store);
    }

    @Test
    void deliversAndDeletesWhenItIsFullAtOnce() throws Exception {
        mount();
        backlog.file(store, 10);
        backlog.fill(store, QUEUED, SMALL);
        while (grow()) {
            // All of it.
        }
        await(store, Condition.FULL);
        assertThat(backlog.submit(store, SMALL)).contains(Reason.STORE_FULL);
        backlog.deleteFiled(store);
        backlog.deliver(store, QUEUED / 20, Instant.now());
        store.deactivate();
        open();
        backlog.check(store);
        backlog.deliver(store, backlog.size(), Instant.now());
        isWellAgain(store);
    }

    /** Slowly: the store looks at the disk between two pieces. */
    @Test
    void refusesInTimeWhenItFillsSlowly() throws Exception {
        mount();
        store.deactivate();
        try (FileStore slow = FileStore.open(options(), new LocalDisk(), Clock.systemUTC())) {
            Optional<Reason> refusal = Optional.empty();
            while (grow()) {
                for (int i = 0; i < 20; i++) {
                    refusal = backlog.submit(slow, LARGE / 10);
                    assertThat(refusal.orElse(Reason.STORE_FULL)).isEqualTo(Reason.STORE_FULL);
                }
                slow.care();
            }
            assertThat(refusal).contains(Reason.STORE_FULL);
            backlog.check(slow);
            backlog.deliver(slow, backlog.size(), Instant.now());
            isWellAgain(slow);
        }
    }

    @Test
    void deliversWithoutInodes() throws Exception {
        mount("-N", "128");
        backlog.fill(store, QUEUED, SMALL);
        awaitReserve();
        Path ballast = Files.createDirectory(mount.point().resolve("ballast"));
        List<Path> files = new ArrayList<>();
        try {
            while (files.size() < 1000) {
                files.add(Files.createFile(ballast.resolve("file-" + files.size())));
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        assertThat(backlog.submit(store, LARGE)).contains(Reason.STORE_FULL);
        assertThat(backlog.submitUntilRefused(store, SMALL, 4 * QUEUED, () -> {}))
                .isEqualTo(Reason.STORE_FULL);
        backlog.check(store);
        backlog.deliver(store, backlog.size(), Instant.now());
        for (Path file : files) {
            Files.delete(file);
        }
        isWellAgain(store);
    }
}
