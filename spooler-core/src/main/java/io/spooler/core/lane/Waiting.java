package io.spooler.core.lane;

import io.spooler.Address;
import io.spooler.Envelope.Priority;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands in line for one destination. Of seven turns the urgent have four, the normal two and the others one, so
 * that the urgent go first and nobody starves; those of one priority are served sender by sender, so that ten thousand of
 * one sender do not hold up the one of another; those of one sender in their order. Owned by the loop.
 */
final class Waiting {

    private static final Priority[] TURNS = {
        Priority.URGENT,
        Priority.URGENT,
        Priority.NORMAL,
        Priority.URGENT,
        Priority.URGENT,
        Priority.NORMAL,
        Priority.NON_URGENT
    };

    private final Map<Priority, Map<@Nullable Address, Sender>> queues = new EnumMap<>(Priority.class);
    private int recipients;
    private int turn;

    /** The line of one sender. */
    private static final class Sender {

        private final Deque<Task> tasks = new ArrayDeque<>(2);
        private int recipients;
    }

    void add(Task task) {
        Sender sender = queues.computeIfAbsent(priority(task), p -> new LinkedHashMap<>(2))
                .computeIfAbsent(sender(task), s -> new Sender());
        sender.tasks.add(task);
        sender.recipients += task.recipients().size();
        recipients += task.recipients().size();
    }

    private static Priority priority(Task task) {
        return task.message().message().envelope().options().priority();
    }

    private static @Nullable Address sender(Task task) {
        return task.message().message().envelope().sender();
    }

    /** The next one in turn that is alive, or null. */
    @Nullable
    Task poll() {
        Task task = next();
        while (task != null && !task.isAlive()) {
            task = next();
        }
        return task;
    }

    private @Nullable Task next() {
        for (int i = 0; i < TURNS.length && !queues.isEmpty(); i++) {
            Priority priority = TURNS[turn];
            turn = (turn + 1) % TURNS.length;
            Map<@Nullable Address, Sender> senders = queues.get(priority);
            if (senders != null) {
                return next(priority, senders);
            }
        }
        return null;
    }

    private Task next(Priority priority, Map<@Nullable Address, Sender> senders) {
        Map.Entry<@Nullable Address, Sender> first =
                senders.entrySet().iterator().next();
        Address name = first.getKey();
        Sender sender = first.getValue();
        senders.remove(name);
        Task task = sender.tasks.remove();
        sender.recipients -= task.recipients().size();
        recipients -= task.recipients().size();
        if (!sender.tasks.isEmpty()) {
            senders.put(name, sender);
        } else if (senders.isEmpty()) {
            queues.remove(priority);
        }
        return task;
    }

    /** Takes out what is not alive any more, so that it does not count. Looks at all that stands in line. */
    void purge() {
        for (Map<@Nullable Address, Sender> senders : queues.values()) {
            senders.values().forEach(this::purge);
            senders.values().removeIf(sender -> sender.tasks.isEmpty());
        }
        queues.values().removeIf(Map::isEmpty);
    }

    private void purge(Sender sender) {
        int before = sender.recipients;
        sender.tasks.removeIf(task -> !task.isAlive());
        sender.recipients =
                sender.tasks.stream().mapToInt(task -> task.recipients().size()).sum();
        recipients -= before - sender.recipients;
    }

    /** How many recipients stand in line. */
    int recipients() {
        return recipients;
    }

    /** How many recipients of the same sender and priority stand in line. */
    int like(Task task) {
        Map<@Nullable Address, Sender> senders = queues.get(priority(task));
        Sender sender = senders == null ? null : senders.get(sender(task));
        return sender == null ? 0 : sender.recipients;
    }

    boolean isEmpty() {
        return queues.isEmpty();
    }

    void drainTo(List<Task> into) {
        for (Task task = poll(); task != null; task = poll()) {
            into.add(task);
        }
    }
}
