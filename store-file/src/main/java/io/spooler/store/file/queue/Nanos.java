package io.spooler.store.file.queue;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Times as one number, for the order of the queue. What does not fit (before 1677, after 2262) is held at the edge. */
final class Nanos {

    private static final long PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long LIMIT = Long.MAX_VALUE / PER_SECOND - 1;

    private Nanos() {}

    static long of(Instant time) {
        long seconds = Math.max(-LIMIT, Math.min(LIMIT, time.getEpochSecond()));
        return seconds * PER_SECOND + time.getNano();
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, PER_SECOND), Math.floorMod(nanos, PER_SECOND));
    }
}
