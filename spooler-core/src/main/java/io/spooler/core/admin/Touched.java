package io.spooler.core.admin;

import io.spooler.SpoolId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Recipients that an order has changed, with the explicit transport that each had before: 24 octets for each, so that a
 * million of them fit into the heap of a small instance. One thread at a time.
 */
final class Touched {

    private static final int FIRST = 16;

    private long[] high = new long[FIRST];
    private long[] low = new long[FIRST];
    private int[] numbers = new int[FIRST];
    private @Nullable String[] pins = new String[FIRST];
    private int size;

    int size() {
        return size;
    }

    /** Recipients of one message are added together. */
    void add(SpoolId id, int number, @Nullable String pin) {
        if (size == numbers.length) {
            int more = size + size / 2;
            high = Arrays.copyOf(high, more);
            low = Arrays.copyOf(low, more);
            numbers = Arrays.copyOf(numbers, more);
            pins = Arrays.copyOf(pins, more);
        }
        high[size] = id.high();
        low[size] = id.low();
        numbers[size] = number;
        // The same few names, again and again: one object for each.
        pins[size++] = pin == null ? null : pin.intern();
    }

    /** Gives the message of each, and for each recipient number the former transport, or null. */
    void each(BiConsumer<SpoolId, Map<Integer, @Nullable String>> next) {
        int i = 0;
        while (i < size) {
            SpoolId id = new SpoolId(high[i], low[i]);
            Map<Integer, @Nullable String> message = new HashMap<>();
            while (i < size && high[i] == id.high() && low[i] == id.low()) {
                message.put(numbers[i], pins[i]);
                i++;
            }
            next.accept(id, message);
        }
    }
}
