package io.spooler.core.receive;

import io.spooler.Mailboxes;
import io.spooler.SpoolEvent;
import io.spooler.core.event.Events;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells of arrivals, once each and in the order of their sequence within each mailbox (R55), whatever order the threads of
 * the store come back in: what is filed is told when no filing can get a smaller sequence any more, since all that began
 * before it was filed have ended. Any thread; one lock, its own, under which only events are queued.
 */
final class Arrivals {

    private final Events events;
    private final Clock clock;
    private final Map<String, Box> boxes = new HashMap<>();
    private long tickets;

    /** One mailbox of one store, while something is being filed there. */
    private static final class Box {

        private final TreeSet<Long> running = new TreeSet<>();
        private final TreeMap<Long, Held> held = new TreeMap<>();
    }

    /** Filed, and to be told when all filings with a smaller ticket have ended. */
    private record Held(Mailboxes.Entry entry, long ticket) {}

    Arrivals(Events events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    /** The name of a mailbox of a store; names of mailboxes are compared without case. */
    static String box(long store, String mailbox) {
        return store + "/" + mailbox.toLowerCase(Locale.ROOT);
    }

    /**
     * A filing begins.
     *
     * @param box names store and mailbox, in lower case
     * @return its ticket
     */
    synchronized long begin(String box) {
        long ticket = ++tickets;
        boxes.computeIfAbsent(box, key -> new Box()).running.add(ticket);
        return ticket;
    }

    /**
     * A filing has ended.
     *
     * @param name as it began
     * @param ticket of the filing
     * @param entry what was filed; null if nothing was
     */
    synchronized void end(String name, long ticket, Mailboxes.@Nullable Entry entry) {
        Box box = boxes.get(name);
        if (box == null || !box.running.remove(ticket)) {
            return;
        }
        if (entry != null) {
            box.held.put(entry.sequence(), new Held(entry, tickets + 1));
        }
        while (!box.held.isEmpty() && isNext(box)) {
            Mailboxes.Entry next = box.held.pollFirstEntry().getValue().entry();
            events.emit(new SpoolEvent.Arrived(next.id(), clock.instant(), next));
        }
        if (box.held.isEmpty() && box.running.isEmpty()) {
            boxes.remove(name);
        }
    }

    private static boolean isNext(Box box) {
        return box.running.isEmpty()
                || box.running.first() >= box.held.firstEntry().getValue().ticket();
    }
}
