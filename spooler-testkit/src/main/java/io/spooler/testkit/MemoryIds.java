package io.spooler.testkit;

import io.spooler.SpoolId;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;

/** Makes ids that grow strictly, so that the order of ids is the order of submission even within a millisecond. */
final class MemoryIds {

    private final Clock clock;
    private SpoolId last = new SpoolId(0, 0);

    MemoryIds(Clock clock) {
        this.clock = clock;
    }

    synchronized SpoolId next() {
        SpoolId id = SpoolId.next(clock.instant(), ThreadLocalRandom.current());
        if (id.compareTo(last) <= 0) {
            long low = last.low() + 1;
            id = new SpoolId(low == 0 ? last.high() + 1 : last.high(), low);
        }
        last = id;
        return id;
    }
}
