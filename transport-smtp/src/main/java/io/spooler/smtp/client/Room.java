package io.spooler.smtp.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many connections all pools under one version of the settings may have together, and which pools wait for one. The next goes to
 * the pool with the fewest, of equal ones to that which has waited longest; a connection that is idle makes room for it, one
 * that has carried its share where another destination has fewer, too. Counted until it is closed, so that there are never more.
 * The last eighth is for destinations that have a session: those that take connections and say nothing must not stop the others.
 *
 * <p>Any thread. Its monitor is also the lock of its pools, so that what one of them gives up is the next one's without a moment
 * in between.
 */
final class Room {

    /** After so many messages a connection leaves, if a destination waits that has fewer. */
    static final int SHARE = 10;

    private static final int RESERVE = 8;

    private final int limit;
    /** No session stands yet. */
    private final Set<Connection> dialing = new HashSet<>();
    /** They were idle, and end so that others have room. */
    private final Set<Connection> dismissed = new HashSet<>();

    private final Set<Pool> waiting = new LinkedHashSet<>();
    /** They have idle connections, the longest ago first. */
    private final Set<Pool> idle = new LinkedHashSet<>();

    private int taken;

    /**
     * All of it is free.
     *
     * @param limit most connections at a time
     */
    Room(int limit) {
        this.limit = limit;
    }

    // ---- under its monitor

    /** Whether a pool may open a connection now, since there is room and nobody waits for it. */
    boolean isFree(Pool pool) {
        return taken < limit && mayOpen(pool) && wishes().findAny().isEmpty();
    }

    /** There is one more connection. */
    void opened(Connection connection) {
        taken++;
        dialing.add(connection);
    }

    /** Its session stands. {@link #serve} is to follow. */
    void established(Connection connection) {
        dialing.remove(connection);
    }

    /** It is closed. {@link #serve} is to follow. */
    void closed(Connection connection) {
        taken--;
        dialing.remove(connection);
        dismissed.remove(connection);
    }

    /** The pool wants one more connection. {@link #serve} is to follow. */
    void await(Pool pool) {
        waiting.add(pool);
    }

    /** The pool wants none any more. */
    void forget(Pool pool) {
        waiting.remove(pool);
    }

    /** Tells that a pool has idle connections, or none any more. */
    void idle(Pool pool, boolean has) {
        if (has) {
            idle.add(pool);
        } else {
            idle.remove(pool);
        }
    }

    /** Whether a pool other than this one waits for a place. */
    boolean isWanted(Pool by) {
        return wishes().anyMatch(other -> other != by);
    }

    /** Whether a connection of a pool should leave to another one, now that it has carried so many messages. */
    boolean isShareOver(Pool pool, int served) {
        int few = Math.max(1, pool.size() - 1);
        return served % SHARE == 0 && wishes().anyMatch(other -> other.size() < few);
    }

    private Stream<Pool> wishes() {
        return waiting.stream().filter(this::mayOpen);
    }

    private boolean mayOpen(Pool pool) {
        return pool.hasSession() || dialing.size() < limit - limit / RESERVE;
    }

    private @Nullable Pool next() {
        return taken < limit ? wishes().min(Comparator.comparingInt(Pool::size)).orElse(null) : null;
    }

    // ---- outside of it

    /** Opens what has room now, and ends idle connections for those that still wait. */
    void serve() {
        List<Connection> opened = new ArrayList<>();
        List<Connection> ended = new ArrayList<>();
        synchronized (this) {
            for (Pool next = next(); next != null; next = next()) {
                waiting.remove(next);
                next.openForQueue(opened);
            }
            while (!idle.isEmpty() && wishes().count() > dismissed.size()) {
                Connection longest = idle.iterator().next().dismissIdle();
                dismissed.add(longest);
                ended.add(longest);
            }
        }
        opened.forEach(Connection::open);
        ended.forEach(each -> each.loop().execute(each::quit));
    }
}
