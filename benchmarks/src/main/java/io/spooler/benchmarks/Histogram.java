package io.spooler.benchmarks;

import java.util.Arrays;

/** Durations, all of them: what is rare is what is looked for. One thread at a time. */
final class Histogram {

    private static final int FIRST = 1024;

    private long[] values = new long[FIRST];
    private int count;
    private boolean sorted;

    /** Adds a duration in nanoseconds. */
    void add(long nanos) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = nanos;
        sorted = false;
    }

    void addAll(Histogram other) {
        if (count + other.count > values.length) {
            values = Arrays.copyOf(values, Math.max(count + other.count, count * 2));
        }
        System.arraycopy(other.values, 0, values, count, other.count);
        count += other.count;
        sorted = false;
    }

    int count() {
        return count;
    }

    /** The value below which so large a part lies, in microseconds; 0 if there is none. */
    double micros(double part) {
        if (count == 0) {
            return 0;
        }
        if (!sorted) {
            Arrays.sort(values, 0, count);
            sorted = true;
        }
        return values[Math.min(count - 1, (int) (count * part))] / 1e3;
    }

    double maxMicros() {
        return micros(1);
    }
}
