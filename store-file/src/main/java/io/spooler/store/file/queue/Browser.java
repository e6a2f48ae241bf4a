package io.spooler.store.file.queue;

import io.spooler.MessageStatus;
import io.spooler.RecipientState;
import io.spooler.SpoolId;
import io.spooler.store.Message;
import io.spooler.store.QueueFilter;
import io.spooler.store.file.codec.States;
import io.spooler.store.file.content.ContentRef;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the queue, and wakes it. Any thread. Both pass over all entries, a few octets each, and read only messages
 * that may match; the lock is given up between bundles of messages that are read.
 */
public final class Browser {

    private static final int BUNDLE = 256;

    private final Queue queue;
    private final QueueIndex index;
    private final Object lock;

    /**
     * Looks at a queue.
     *
     * @param queue whose
     */
    public Browser(Queue queue) {
        this.queue = queue;
        this.index = queue.index();
        this.lock = queue.lock();
    }

    /** As {@link io.spooler.store.MessageStore#find}. */
    public Optional<Message> find(SpoolId id) {
        synchronized (lock) {
            Entry entry = index.table.get(id);
            if (entry == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(
                        queue.view(entry, index.current(entry, queue.clock().instant())));
            } catch (IOException e) {
                if (!entry.isBroken()) {
                    index.breakOff(entry, e);
                }
                return Optional.empty();
            }
        }
    }

    /**
     * Says whether a message in the queue needs a content.
     *
     * @param id the message
     * @param file of the content
     * @return false if it has left the queue, or has another content by now
     */
    public boolean needs(SpoolId id, SpoolId file) {
        synchronized (lock) {
            Entry entry = index.table.get(id);
            if (entry == null || entry.isFinished()) {
                return false;
            }
            try {
                Stored stored = index.raw(entry);
                ContentRef revised = stored.revised();
                return file.equals(stored.accepted().file()) || (revised != null && file.equals(revised.file()));
            } catch (IOException e) {
                return true; // Nobody knows better than the record that said so.
            }
        }
    }

    /** As {@link io.spooler.store.MessageStore#query}. */
    public List<MessageStatus> query(QueueFilter filter, @Nullable SpoolId after, int limit) {
        List<MessageStatus> result = new ArrayList<>();
        SpoolId last = after;
        while (result.size() < limit) {
            List<Entry> page = page(filter, last, Math.max(BUNDLE, limit - result.size()));
            if (page.isEmpty()) {
                break;
            }
            last = page.get(page.size() - 1).id();
            for (int i = 0; i < page.size() && result.size() < limit; i++) {
                status(page.get(i), filter).ifPresent(result::add);
            }
        }
        return result;
    }

    /**
     * The smallest ids behind one, in order, of messages that may match. Looked for without the lock, since it takes long:
     * who acts on one must look again under it.
     */
    private List<Entry> page(QueueFilter filter, @Nullable SpoolId after, int size) {
        Iterable<Entry> all;
        Predicate<Entry> mayMatch;
        synchronized (lock) {
            all = index.table.snapshot();
            mayMatch = index.types.mayMatch(filter);
        }
        PriorityQueue<Entry> smallest = new PriorityQueue<>((a, b) -> b.compareId(a));
        for (Entry entry : all) {
            Entry largest = smallest.peek();
            boolean wanted = smallest.size() < size || largest == null || entry.compareId(largest) < 0;
            if (wanted && (after == null || entry.isAfter(after)) && mayMatch(entry, mayMatch)) {
                smallest.add(entry);
                if (smallest.size() > size) {
                    smallest.poll();
                }
            }
        }
        List<Entry> page = new ArrayList<>(smallest);
        page.sort(Entry::compareId);
        return page;
    }

    /** A wake may have changed states that the entry does not know of: such messages are read. */
    private static boolean mayMatch(Entry entry, Predicate<Entry> filter) {
        return !entry.isFinished() && !entry.isBroken() && (entry.extra != null || filter.test(entry));
    }

    private Optional<MessageStatus> status(Entry entry, QueueFilter filter) {
        synchronized (lock) {
            if (index.table.get(entry.id()) != entry || entry.isFinished()) {
                return Optional.empty();
            }
            try {
                Stored stored = index.current(entry, queue.clock().instant());
                return stored.recipients().stream().anyMatch(filter::matches)
                        ? Optional.of(queue.view(entry, stored).status())
                        : Optional.empty();
            } catch (IOException e) {
                index.breakOff(entry, e);
                return Optional.empty();
            }
        }
    }

    /** As {@link io.spooler.store.MessageStore#wake}. */
    public int wake(QueueFilter filter) {
        Instant now = queue.clock().instant();
        Extra shared = Extra.woken(filter);
        List<Entry> doubtful = new ArrayList<>();
        int count = 0;
        synchronized (lock) {
            Predicate<Entry> mayMatch = index.types.mayMatch(filter);
            int[] certain = {0};
            index.leases.all().forEach(lease -> {
                lease.wake(filter);
                certain[0] += lease.stored.matching(filter);
            });
            index.table.forEach(entry -> {
                if (isAsleep(entry) && mayMatch.test(entry)) {
                    if (entry.extra == null && index.types.isCertain(entry, filter)) {
                        wake(entry, shared, now);
                        certain[0]++;
                    } else {
                        doubtful.add(entry);
                    }
                }
            });
            count = certain[0];
        }
        for (int i = 0; i < doubtful.size(); i += BUNDLE) {
            count += wake(doubtful.subList(i, Math.min(doubtful.size(), i + BUNDLE)), filter, shared, now);
        }
        return count;
    }

    private static boolean isAsleep(Entry entry) {
        int waiting = States.bit(RecipientState.WAITING) | States.bit(RecipientState.DEFERRED);
        return (entry.states & waiting) != 0 && !entry.isFinished() && !entry.isBroken() && entry.lease() == null;
    }

    private int wake(List<Entry> bundle, QueueFilter filter, Extra shared, Instant now) {
        int count = 0;
        synchronized (lock) {
            for (Entry entry : bundle) {
                try {
                    if (isAsleep(entry)) {
                        int matching = index.current(entry, now).matching(filter);
                        count += matching;
                        if (matching > 0) {
                            wake(entry, shared, now);
                        }
                    }
                } catch (IOException e) {
                    index.breakOff(entry, e);
                }
            }
        }
        return count;
    }

    /** Due since it was submitted: woken messages keep that order among themselves and with fresh ones. */
    private void wake(Entry entry, Extra shared, Instant now) {
        Extra extra = entry.extra;
        if (extra == null) {
            entry.extra = shared;
        } else if (!extra.wakes().containsAll(shared.wakes())) {
            List<QueueFilter> wakes = new ArrayList<>(extra.wakes());
            wakes.addAll(shared.wakes());
            entry.extra = Extra.pinned(extra.pinned(), extra.sticky(), List.copyOf(wakes));
        }
        entry.due = Math.min(entry.due, Math.min(Nanos.of(entry.id().time()), Nanos.of(now)));
        index.due.update(entry);
    }

    /** Messages in the queue. */
    public long messages() {
        return index.messages();
    }

    /** Messages that cannot be read. */
    public long broken() {
        return index.broken();
    }

    /** Recipients by state, those of messages in the queue. */
    public Map<RecipientState, Long> states() {
        return index.states();
    }
}
