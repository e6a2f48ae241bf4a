package io.spooler.store.file.queue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A binary heap of what asks for work, by time and id, whose members know their place: every change costs the logarithm
 * of the queue. Guarded by the lock of the store.
 */
final class DueHeap {

    private static final int FIRST = 64;

    private @Nullable Entry[] entries = new Entry[FIRST];
    private int size;

    @Nullable
    Entry first() {
        return entries[0];
    }

    /** Puts an entry where its time says, or takes it out if it never asks for work. */
    void update(Entry entry) {
        if (entry.due == Long.MAX_VALUE) {
            remove(entry);
        } else if (entry.place < 0) {
            if (size == entries.length) {
                entries = Arrays.copyOf(entries, size * 2);
            }
            up(size++, entry);
        } else {
            int at = entry.place;
            up(at, entry);
            if (entry.place == at) {
                down(at, entry);
            }
        }
    }

    void remove(Entry entry) {
        int at = entry.place;
        if (at < 0) {
            return;
        }
        entry.place = -1;
        Entry last = entries[--size];
        entries[size] = null;
        if (last != null && last != entry) {
            up(at, last);
            if (last.place == at) {
                down(at, last);
            }
        }
    }

    private void up(int from, Entry entry) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            Entry other = entries[parent];
            if (other == null || !entry.isBefore(other)) {
                break;
            }
            set(at, other);
            at = parent;
        }
        set(at, entry);
    }

    private void down(int from, Entry entry) {
        int at = from;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            Entry other = entries[child];
            Entry right = child + 1 < size ? entries[child + 1] : null;
            if (other != null && right != null && right.isBefore(other)) {
                other = right;
                child++;
            }
            if (other == null || !other.isBefore(entry)) {
                break;
            }
            set(at, other);
            at = child;
        }
        set(at, entry);
    }

    private void set(int at, Entry entry) {
        entries[at] = entry;
        entry.place = at;
    }
}
