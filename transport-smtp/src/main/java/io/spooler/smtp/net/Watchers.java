package io.spooler.smtp.net;

import io.spooler.transport.TraceEntry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Those who watch the conversations of a transport. Any thread; costs one look while nobody does. */
public final class Watchers {

    /** Identity matters: not a record. */
    private static final class Watch {

        private final @Nullable String lane;
        private final Consumer<TraceEntry> watcher;

        private Watch(@Nullable String lane, Consumer<TraceEntry> watcher) {
            this.lane = lane;
            this.watcher = watcher;
        }

        private boolean wants(String other) {
            return lane == null || lane.equals(other);
        }
    }

    private final List<Watch> watches = new CopyOnWriteArrayList<>();

    /** Nobody watches yet. */
    public Watchers() {}

    /**
     * Lets somebody watch from now on.
     *
     * @param lane the only one that is watched, or null for all
     * @param watcher takes what is told, on the thread that tells it; does not block, nor throw
     * @return ends it, more than once without effect
     */
    public Runnable add(@Nullable String lane, Consumer<TraceEntry> watcher) {
        Watch watch = new Watch(lane, watcher);
        watches.add(watch);
        return () -> watches.remove(watch);
    }

    /**
     * Whether nobody watches anything.
     *
     * @return true as a rule
     */
    public boolean isEmpty() {
        return watches.isEmpty();
    }

    /**
     * Whether anybody watches a lane.
     *
     * @param lane its name
     * @return false if nothing need be told of it
     */
    public boolean want(String lane) {
        return watches.stream().anyMatch(watch -> watch.wants(lane));
    }

    /**
     * Tells those who watch its lane.
     *
     * @param entry a line, without secrets and content
     */
    public void tell(TraceEntry entry) {
        for (Watch watch : watches) {
            if (watch.wants(entry.lane())) {
                watch.watcher.accept(entry);
            }
        }
    }

    /** Nobody watches any more. */
    public void close() {
        watches.clear();
    }
}
