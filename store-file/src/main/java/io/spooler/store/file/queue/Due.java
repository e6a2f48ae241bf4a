package io.spooler.store.file.queue;

import org.jspecify.annotations.Nullable;

/**
 * What asks for work, by time and id: those that came and were due at once in a line, all others in a heap. Guarded by the
 * lock of the store.
 */
final class Due {

    private final DueLine line = new DueLine();
    private final DueHeap heap = new DueHeap();

    @Nullable
    Entry first() {
        Entry come = line.first();
        Entry other = heap.first();
        return come == null || (other != null && other.isBefore(come)) ? other : come;
    }

    /** Takes in a new message; the line only takes it if it need not wait, so that nobody waits at its end. */
    void add(Entry entry, boolean atOnce) {
        if (!atOnce || !line.add(entry)) {
            heap.update(entry);
        }
    }

    /** Puts an entry where its time says, or takes it out if it never asks for work. */
    void update(Entry entry) {
        if (DueLine.has(entry)) {
            line.remove(entry);
        }
        heap.update(entry);
    }

    void remove(Entry entry) {
        if (DueLine.has(entry)) {
            line.remove(entry);
        } else {
            heap.remove(entry);
        }
    }
}
