package io.spooler.store.file;

import io.spooler.store.file.journal.ForwardingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A disk that knows what is durable: only what was written before a force began is so when it ends. It dawdles before each
 * write and each force, so that two threads meet in between. Thread-safe.
 */
final class LateDisk extends ForwardingDisk {

    private static final int DAWDLE = 500;
    private static final int FRONT = 24;

    /** Octets that stood in a file when it was forced last, by name: everything in front of this place is durable. */
    final Map<String, AtomicLong> durable = new ConcurrentHashMap<>();

    LateDisk() {
        super(new MemoryDisk(MemoryDisk.Log.NONE));
    }

    private static void dawdle() {
        for (int i = 0; i < DAWDLE; i++) {
            Thread.onSpinWait();
        }
    }

    @Override
    public Handle create(Path path) throws IOException {
        return new LateHandle(super.create(path), durable.computeIfAbsent(name(path), n -> new AtomicLong()));
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    @Override
    public Handle reopen(Path path) throws IOException {
        return new LateHandle(super.reopen(path), new AtomicLong());
    }

    /** Follows how far the records reach; zeros ahead of them do not count. */
    private static final class LateHandle extends ForwardingHandle {

        private final AtomicLong durable;
        private final List<long[]> written = new ArrayList<>();

        LateHandle(Handle handle, AtomicLong durable) {
            super(handle);
            this.durable = durable;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            boolean records = hasRecords(source);
            dawdle();
            int count = super.write(source, position);
            if (records) {
                synchronized (written) {
                    written.add(new long[] {position + count});
                }
            }
            return count;
        }

        /** A record has something in its first octets. */
        private static boolean hasRecords(ByteBuffer source) {
            boolean any = false;
            for (int i = source.position(); i < Math.min(source.limit(), source.position() + FRONT); i++) {
                any |= source.get(i) != 0;
            }
            return any;
        }

        @Override
        public void force() throws IOException {
            long reach;
            synchronized (written) {
                reach = written.stream().mapToLong(end -> end[0]).max().orElse(0);
            }
            dawdle();
            super.force();
            durable.accumulateAndGet(reach, Math::max);
        }
    }
}
