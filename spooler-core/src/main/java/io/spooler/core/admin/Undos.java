package io.spooler.core.admin;

import io.spooler.SpoolId;
import io.spooler.admin.Order;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The orders that can be taken back: the last ones, so many recipients in all as fit, until the core ends. Thread-safe: its
 * own lock, nothing is called under it.
 */
final class Undos {

    /** Most recipients of one order, and of all of them together. */
    static final int MOST_RECIPIENTS = 1_000_000;

    private static final int MOST_ORDERS = 100;

    private final Map<SpoolId, Done> done = new LinkedHashMap<>();
    private long recipients;

    /**
     * What was done.
     *
     * @param order by whose order
     * @param end no recipient was changed after
     * @param touched who was changed
     */
    record Done(Order order, Instant end, Touched touched) {}

    synchronized void add(SpoolId id, Done order) {
        done.put(id, order);
        recipients += order.touched().size();
        Iterator<Done> oldest = done.values().iterator();
        while (done.size() > MOST_ORDERS || recipients > MOST_RECIPIENTS) {
            recipients -= oldest.next().touched().size();
            oldest.remove();
        }
    }

    synchronized Optional<Done> find(SpoolId id) {
        return Optional.ofNullable(done.get(id));
    }

    synchronized void remove(SpoolId id) {
        Done gone = done.remove(id);
        recipients -= gone == null ? 0 : gone.touched().size();
    }
}
