package io.spooler.core.lane;

import io.spooler.admin.SpoolAdmin.Target;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The transports and destinations to which an administrator lets nothing go. By name, so that it holds when a transport
 * leaves and comes back; not durable: it ends with the process. Owned by the loop.
 */
public final class Suspensions {

    private static final Comparator<Target> ORDER = Comparator.comparing(Target::transport)
            .thenComparing(Target::lane, Comparator.nullsFirst(String::compareTo));

    /** Never changed once it is here. */
    private volatile SortedSet<Target> targets = new TreeSet<>(ORDER);

    /**
     * Lets nothing go any more.
     *
     * @param target where
     * @return true if that is new
     */
    boolean add(Target target) {
        SortedSet<Target> next = new TreeSet<>(targets);
        boolean added = next.add(target);
        targets = next;
        return added;
    }

    /**
     * Ends a suspension, with the words it was made with.
     *
     * @param target where
     * @return true if there was one
     */
    boolean remove(Target target) {
        SortedSet<Target> next = new TreeSet<>(targets);
        boolean removed = next.remove(target);
        targets = next;
        return removed;
    }

    /** Whether nothing may go there. */
    boolean isSuspended(String transport, String lane) {
        SortedSet<Target> present = targets;
        return !present.isEmpty()
                && present.stream()
                        .anyMatch(t -> t.transport().equals(transport)
                                && (t.lane() == null || t.lane().equals(lane)));
    }

    /**
     * What is suspended.
     *
     * @return a copy, in order
     */
    public List<Target> list() {
        return List.copyOf(targets);
    }
}
