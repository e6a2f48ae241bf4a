package io.spooler.store.file.content;

import io.spooler.SpoolId;
import java.time.Clock;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Makes ids that grow strictly, also within a millisecond and when the clock goes back: their order is the order of
 * submission. Any thread. Lock: this object.
 */
public final class Ids {

    private final Clock clock;
    private final RandomGenerator random;
    private SpoolId last;

    /**
     * Begins behind what is known.
     *
     * @param clock the time that ids carry
     * @param seed of their random part; must not be guessable
     * @param last smaller than any id to come
     */
    public Ids(Clock clock, long seed, SpoolId last) {
        this.clock = clock;
        this.random = new SplittableRandom(seed);
        this.last = last;
    }

    /**
     * A new id.
     *
     * @return larger than all before
     */
    public synchronized SpoolId next() {
        SpoolId id = SpoolId.next(clock.instant(), random);
        if (id.compareTo(last) <= 0) {
            long low = last.low() + 1 + (random.nextLong() & 0xFFFFF);
            boolean carry = Long.compareUnsigned(low, last.low()) < 0;
            id = new SpoolId(carry ? last.high() + 1 : last.high(), low);
        }
        last = id;
        return id;
    }
}
