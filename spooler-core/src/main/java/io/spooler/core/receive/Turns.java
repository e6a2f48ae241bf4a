package io.spooler.core.receive;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Whose turn it is to bring a message in (R51, R52): transports that wait stand in a ring and are served one after the
 * other, so that with N of them each waits for N turns at most, however much one claims. Owned by the loop.
 */
final class Turns {

    /** So many may wait for one transport. */
    static final int MOST_WAITING = 1000;

    private final IntSupplier most;
    private final Deque<Place> ring = new ArrayDeque<>();
    private int running;
    private boolean granting;

    /** One transport. */
    static final class Place {

        private final Deque<Runnable> waiting = new ArrayDeque<>();
        private int limit;
        private int running;
        private boolean inRing;

        private Place(int limit) {
            this.limit = limit;
        }

        private boolean wants() {
            return !waiting.isEmpty() && running < limit;
        }
    }

    /**
     * Nobody waits.
     *
     * @param most receptions at a time, of all transports; asked at each turn
     */
    Turns(IntSupplier most) {
        this.most = most;
    }

    Place place(int limit) {
        return new Place(limit);
    }

    void limit(Place place, int limit) {
        place.limit = limit;
        enter(place);
    }

    /**
     * Waits for a turn.
     *
     * @param place whose
     * @param start called at the turn; must lead to one {@link #ended}
     * @return false if too many wait already
     */
    boolean ask(Place place, Runnable start) {
        if (place.waiting.size() >= MOST_WAITING) {
            return false;
        }
        place.waiting.add(start);
        enter(place);
        return true;
    }

    /** A turn has ended. */
    void ended(Place place) {
        place.running--;
        running--;
        enter(place);
    }

    /**
     * Waits no longer.
     *
     * @return false if it does not wait: its turn has come
     */
    boolean withdraw(Place place, Runnable start) {
        return place.waiting.remove(start);
    }

    /** Nobody waits there any longer. */
    List<Runnable> empty(Place place) {
        List<Runnable> all = List.copyOf(place.waiting);
        place.waiting.clear();
        return all;
    }

    private void enter(Place place) {
        if (place.wants() && !place.inRing) {
            place.inRing = true;
            ring.add(place);
        }
        grant();
    }

    /** What starts may end at once: not deeper than one turn. */
    private void grant() {
        if (granting) {
            return;
        }
        granting = true;
        try {
            while (running < most.getAsInt() && !ring.isEmpty()) {
                Place place = ring.remove();
                place.inRing = false;
                if (place.wants()) {
                    start(place);
                }
            }
        } finally {
            granting = false;
        }
    }

    private void start(Place place) {
        Runnable next = place.waiting.remove();
        place.running++;
        running++;
        if (place.wants()) {
            place.inRing = true;
            ring.add(place);
        }
        next.run();
    }
}
