package io.spooler.store.file.index;

import io.spooler.SpoolId;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds slots by id: open addressing, linear probing, at most two thirds full. Eight octets of heap a slot or less.
 * Guarded by its owner.
 *
 * @param <T> what is found
 */
public final class IdTable<T extends Slot> {

    private static final int FIRST = 64;

    private @Nullable Slot[] slots = new Slot[FIRST];
    private int count;

    /**
     * How many.
     *
     * @return slots
     */
    public int size() {
        return count;
    }

    /**
     * Finds.
     *
     * @param id of the slot
     * @return null if it is not there
     */
    @SuppressWarnings("unchecked")
    public @Nullable T get(SpoolId id) {
        return (T) slots[index(slots, id.high(), id.low())];
    }

    private static int index(@Nullable Slot[] table, long high, long low) {
        int mask = table.length - 1;
        int at = home(high, low, mask);
        Slot slot = table[at];
        while (slot != null && (slot.low != low || slot.high != high)) {
            at = (at + 1) & mask;
            slot = table[at];
        }
        return at;
    }

    /** The lower half is random, but for ids made within one millisecond, which only differ at its end. */
    private static int home(long high, long low, int mask) {
        long mixed = (low ^ high) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & mask;
    }

    /**
     * Adds.
     *
     * @param slot replaces one with the same id
     */
    public void put(T slot) {
        if ((count + 1) * 3L > slots.length * 2L) {
            grow();
        }
        int at = index(slots, slot.high, slot.low);
        if (slots[at] == null) {
            count++;
        }
        slots[at] = slot;
    }

    private void grow() {
        @Nullable Slot[] larger = new Slot[slots.length * 2];
        for (Slot slot : slots) {
            if (slot != null) {
                larger[index(larger, slot.high, slot.low)] = slot;
            }
        }
        slots = larger;
    }

    /**
     * Removes.
     *
     * @param slot need not be there
     */
    public void remove(T slot) {
        int mask = slots.length - 1;
        int hole = index(slots, slot.high, slot.low);
        if (slots[hole] == null) {
            return;
        }
        count--;
        int at = hole;
        // Moves back what would not be found any more behind the hole.
        while (true) {
            at = (at + 1) & mask;
            Slot next = slots[at];
            if (next == null) {
                break;
            }
            int home = home(next.high, next.low, mask);
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                slots[hole] = next;
                hole = at;
            }
        }
        slots[hole] = null;
    }

    /**
     * All as they are now, in no order, to be looked at without the lock of the owner: who sees the fields of one must
     * look again under the lock before it acts.
     *
     * @return a copy of the table; four octets of heap a slot
     */
    @SuppressWarnings("unchecked")
    public Iterable<T> snapshot() {
        @Nullable Slot[] copy = slots.clone();
        return () -> (Iterator<T>) Arrays.stream(copy).filter(Objects::nonNull).iterator();
    }

    /**
     * Visits all, in no order; nothing may be added or removed meanwhile.
     *
     * @param visitor sees each once
     */
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<? super T> visitor) {
        for (Slot slot : slots) {
            if (slot != null) {
                visitor.accept((T) slot);
            }
        }
    }
}
