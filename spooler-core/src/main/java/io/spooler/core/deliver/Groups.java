package io.spooler.core.deliver;

import io.spooler.Address;
import io.spooler.core.claim.ActiveMessage;
import io.spooler.core.lane.Task;
import io.spooler.core.registry.TransportEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The recipients of a message that go together: by the same transport to the same destination. Runs on the loop. */
final class Groups {

    private static final Logger LOG = LoggerFactory.getLogger(Groups.class);

    private final ActiveMessage message;
    private final Map<Line, List<Integer>> groups = new LinkedHashMap<>();

    Groups(ActiveMessage message) {
        this.message = message;
    }

    /** Compared by service id: to hash all that an entry holds, for each recipient, would cost more than to route it. */
    private record Line(TransportEntry transport, String lane) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Line line && line.transport.id() == transport.id() && line.lane.equals(lane);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(transport.id()) * 31 + lane.hashCode();
        }
    }

    void add(int number, TransportEntry transport) {
        String lane = lane(transport, message.recipient(number).recipient().address());
        groups.computeIfAbsent(new Line(transport, lane), line -> new ArrayList<>())
                .add(number);
    }

    /** The destination of an address, as its transport names it. */
    static String lane(TransportEntry transport, Address address) {
        try {
            return transport.provider().lane(address);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("transport {} failed to name a lane", transport.name(), e);
            return "";
        }
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    /** One for each group, in the order of their first recipients. */
    List<Task> tasks() {
        List<Task> tasks = new ArrayList<>(groups.size());
        groups.forEach(
                (line, numbers) -> tasks.add(new Task(message, List.copyOf(numbers), line.transport, line.lane)));
        return tasks;
    }
}
