package io.spooler.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.Draft;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.file.journal.ForwardingDisk;
import io.spooler.testkit.ManualClock;
import io.spooler.testkit.StoreKit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that is opened again behind a failed force, by the same boot of the machine: what it serves from then on it must
 * have made durable, though the file system holds octets that it takes for written (reliability 1.4).
 */
class SameBootTest {

    @TempDir
    private Path root;

    private final ManualClock clock = new ManualClock();

    /** Like ext4 and xfs: whether a force succeeds or fails, what it found unwritten passes for written afterwards. */
    private final class ForgetfulDisk extends ForwardingDisk {

        private record Piece(int at, ByteBuffer octets) {}

        private final Map<Path, List<Piece>> dirty = new HashMap<>();
        private final Map<Path, byte[]> platter = new HashMap<>();
        private boolean failing;
        private long again;

        ForgetfulDisk() {
            super(new MemoryDisk(MemoryDisk.Log.NONE));
        }

        @Override
        public Handle create(Path path) throws IOException {
            dirty.remove(path);
            platter.put(path, new byte[0]);
            return new ForgetfulHandle(path, super.create(path));
        }

        @Override
        public Handle reopen(Path path) throws IOException {
            return new ForgetfulHandle(path, super.reopen(path)) {
                @Override
                public int write(ByteBuffer source, long position) throws IOException {
                    again += source.remaining();
                    return super.write(source, position);
                }
            };
        }

        synchronized void failing(boolean now) {
            failing = now;
        }

        private synchronized void wrote(Path path, Piece piece) {
            dirty.computeIfAbsent(path, p -> new ArrayList<>()).add(piece);
        }

        private synchronized void forced(Path path) throws IOException {
            List<Piece> pieces = dirty.remove(path);
            if (failing) {
                throw new IOException("injected: the disk does not answer");
            }
            for (Piece piece : pieces == null ? List.<Piece>of() : pieces) {
                byte[] octets = platter.getOrDefault(path, new byte[0]);
                int end = piece.at() + piece.octets().capacity();
                octets = Arrays.copyOf(octets, Math.max(end, octets.length));
                piece.octets().get(0, octets, piece.at(), piece.octets().capacity());
                platter.put(path, octets);
            }
        }

        /** The power fails now; names survive. */
        synchronized MemoryDisk afterPowerLoss() throws IOException {
            MemoryDisk left = new MemoryDisk(MemoryDisk.Log.NONE);
            for (Path path : list(root.resolve("journal"))) {
                byte[] octets = platter.getOrDefault(path, new byte[0]);
                left.put(path, octets, octets.length);
            }
            return left;
        }

        private class ForgetfulHandle extends ForwardingHandle {

            private final Path path;

            ForgetfulHandle(Path path, Handle handle) {
                super(handle);
                this.path = path;
            }

            @Override
            public int write(ByteBuffer source, long position) throws IOException {
                byte[] octets = new byte[source.remaining()];
                source.duplicate().get(octets);
                wrote(path, new Piece((int) position, ByteBuffer.wrap(octets)));
                return super.write(source, position);
            }

            @Override
            public void force() throws IOException {
                forced(path);
            }
        }
    }

    private static SpoolId submit(FileStore store, String text) throws Exception {
        try (Draft draft = store.begin(StoreKit.to("ann@example.org"))) {
            StoreKit.write(draft, text);
            return StoreKit.get(draft.commit());
        }
    }

    @Test
    void aStartBehindACleanEndWritesNearlyNothingAgain() throws Exception {
        ForgetfulDisk disk = new ForgetfulDisk();
        try (FileStore store = TestStores.open(root, disk, clock)) {
            submit(store, "x".repeat(50_000));
        }
        try (FileStore store = TestStores.open(root, disk, clock)) {
            assertThat(store.status().messages()).isEqualTo(1);
        }
        assertThat(disk.again).as("octets").isLessThan(1000);
    }

    @Test
    void whatIsServedAgainIsDurable() throws Exception {
        ForgetfulDisk disk = new ForgetfulDisk();
        SpoolId sure;
        try (FileStore store = TestStores.open(root, disk, clock)) {
            sure = submit(store, "durable");
            disk.failing(true);
            assertThatThrownBy(() -> submit(store, "doubtful"))
                    .isInstanceOfSatisfying(
                            SpoolException.class,
                            e -> assertThat(e.reason()).isEqualTo(SpoolException.Reason.STORE_STOPPED));
        }
        disk.failing(false);
        long served;
        try (FileStore store = TestStores.open(root, disk, clock)) {
            served = store.status().messages();
            assertThat(store.find(sure)).isPresent();
        }
        try (FileStore store = TestStores.open(root, disk.afterPowerLoss(), clock)) {
            assertThat(store.status().messages()).isEqualTo(served);
            assertThat(store.find(sure)).isPresent();
        }
        assertThat(served).as("the doubtful one was in the page cache").isEqualTo(2);
    }
}
