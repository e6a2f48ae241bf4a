package io.spooler.store.file.queue;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A ring of messages that asked for work the moment they came, by time and id. They come nearly in that order, so one costs
 * the same at any length of the queue, and lies beside its neighbours, where a heap jumps about in memory. Who leaves from
 * the middle leaves a hole. Guarded by the lock of the store.
 */
final class DueLine {

    private static final int FIRST = 64;

    /** Writers overtake each other between the clock and the journal; who is further behind belongs elsewhere. */
    private static final int REACH = 128;

    /** Members count from 0 to this and begin again; the mark tells their numbers from places in a heap. */
    private static final int NUMBERS = (1 << 30) - 1;

    private static final int OURS = 1 << 31;

    private @Nullable Entry[] ring = new Entry[FIRST];
    private int head;

    /** With the holes; the first is none. */
    private int length;

    static boolean has(Entry entry) {
        return (entry.place & ~NUMBERS) == OURS;
    }

    @Nullable
    Entry first() {
        return at(0);
    }

    /** Takes an entry that is nowhere yet; false if its place is too far from the end. */
    boolean add(Entry entry) {
        if (length == ring.length) {
            makeRoom();
        }
        int place = length;
        while (place > 0 && isBefore(entry, at(place - 1))) {
            if (length - place == REACH) {
                return false;
            }
            place--;
        }
        for (int i = length++; i > place; i--) {
            set(i, at(i - 1));
        }
        set(place, entry);
        return true;
    }

    private static boolean isBefore(Entry entry, @Nullable Entry member) {
        return member == null || entry.isBefore(member);
    }

    void remove(Entry entry) {
        ring[entry.place & (ring.length - 1)] = null;
        entry.place = -1;
        while (length > 0 && at(0) == null) {
            head = (head + 1) & NUMBERS;
            length--;
        }
    }

    private void makeRoom() {
        int members = (int) Arrays.stream(ring).filter(Objects::nonNull).count();
        if (members <= length / 2) {
            closeHoles();
        } else {
            widen();
        }
    }

    private void closeHoles() {
        int to = 0;
        for (int from = 0; from < length; from++) {
            Entry entry = at(from);
            if (entry != null) {
                set(from, null);
                set(to++, entry);
            }
        }
        length = to;
    }

    /** Numbers stay, so that no member is touched. */
    private void widen() {
        @Nullable Entry[] wider = new Entry[ring.length * 2];
        for (int i = 0; i < length; i++) {
            wider[(head + i) & (wider.length - 1)] = at(i);
        }
        ring = wider;
    }

    private @Nullable Entry at(int place) {
        return ring[(head + place) & (ring.length - 1)];
    }

    private void set(int place, @Nullable Entry entry) {
        int number = (head + place) & NUMBERS;
        ring[number & (ring.length - 1)] = entry;
        if (entry != null) {
            entry.place = OURS | number;
        }
    }
}
