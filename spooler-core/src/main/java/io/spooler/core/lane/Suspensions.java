package io.spooler.core.lane;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The transports and destinations to which an administrator lets nothing go. By name, so that it holds when a transport
 * leaves and comes back; not durable: it ends with the process. Owned by the loop.
 */
public final class Suspensions {

    private final TreeSet<String> names = new TreeSet<>();

    private static String name(String transport, @Nullable String lane) {
        return lane == null ? transport : transport + "/" + lane;
    }

    /**
     * Lets nothing go any more.
     *
     * @param transport name of the transport
     * @param lane one destination, or null for all
     * @return true if that is new
     */
    boolean add(String transport, @Nullable String lane) {
        return names.add(name(transport, lane));
    }

    /**
     * Ends a suspension, with the words it was made with.
     *
     * @param transport name of the transport
     * @param lane one destination, or null for all
     * @return true if there was one
     */
    boolean remove(String transport, @Nullable String lane) {
        return names.remove(name(transport, lane));
    }

    /** Whether nothing may go there. */
    boolean isSuspended(String transport, String lane) {
        return !names.isEmpty() && (names.contains(transport) || names.contains(name(transport, lane)));
    }

    /**
     * What is suspended.
     *
     * @return {@code transport} and {@code transport/lane}, in order
     */
    public List<String> list() {
        return List.copyOf(names);
    }
}
