package io.spooler.core.admin;

import io.spooler.RecipientStatus;
import io.spooler.SpoolId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Recipients that an order has changed, with the explicit transport that each had before and a mark of who it was and how
 * often it had been tried: 28 octets for each, so that a million of them fit into the heap of a small instance. One thread
 * at a time.
 */
final class Touched {

    private static final int FIRST = 16;

    private long[] high = new long[FIRST];
    private long[] low = new long[FIRST];
    private int[] numbers = new int[FIRST];
    private int[] marks = new int[FIRST];
    private @Nullable String[] pins = new String[FIRST];
    private int size;

    /**
     * What is remembered of one recipient.
     *
     * @param pin its explicit transport before the order, or null
     * @param mark of its entry
     */
    record Former(@Nullable String pin, int mark) {

        /** Whether it is the same recipient, and no transport has tried it since. */
        boolean isUntried(RecipientStatus now) {
            return mark == markOf(now);
        }
    }

    /** No two numbers of attempts of one address share a mark. */
    private static int markOf(RecipientStatus status) {
        return status.recipient().address().hashCode() + status.attempts();
    }

    int size() {
        return size;
    }

    /** Recipients of one message are added together. */
    void add(SpoolId id, int number, RecipientStatus before) {
        if (size == numbers.length) {
            int more = size + size / 2;
            high = Arrays.copyOf(high, more);
            low = Arrays.copyOf(low, more);
            numbers = Arrays.copyOf(numbers, more);
            marks = Arrays.copyOf(marks, more);
            pins = Arrays.copyOf(pins, more);
        }
        high[size] = id.high();
        low[size] = id.low();
        numbers[size] = number;
        marks[size] = markOf(before);
        String pin = before.recipient().transport();
        // The same few names, again and again: one object for each.
        pins[size++] = pin == null ? null : pin.intern();
    }

    /** Gives the message of each, and what is remembered of each recipient by its number. */
    void each(BiConsumer<SpoolId, Map<Integer, Former>> next) {
        int i = 0;
        while (i < size) {
            SpoolId id = new SpoolId(high[i], low[i]);
            Map<Integer, Former> message = new HashMap<>();
            while (i < size && high[i] == id.high() && low[i] == id.low()) {
                message.put(numbers[i], new Former(pins[i], marks[i]));
                i++;
            }
            next.accept(id, message);
        }
    }
}
