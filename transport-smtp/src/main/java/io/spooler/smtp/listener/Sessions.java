package io.spooler.smtp.listener;

import io.spooler.smtp.net.Watchers;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The open sessions of one listener: counts them, in all and per client, and ends them; and who watches them. IPv6 clients
 * of one /64 count as one, since they are one customer. Thread-safe; no method blocks.
 */
final class Sessions {

    private static final int IPV6_PREFIX = 8;
    /** Stress is when less than a quarter is free. */
    private static final int STRESS_SHARE = 4;

    private final Set<Session> open = ConcurrentHashMap.newKeySet();
    private final Map<ByteBuffer, Integer> perClient = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Watchers watchers = new Watchers();
    private final CompletableFuture<Boolean> drained = new CompletableFuture<>();
    private volatile boolean stopping;

    /** Lets a session in; false if there are too many. */
    boolean enter(Session session, InetAddress client, Limits limits) {
        if (count.incrementAndGet() > limits.connections()) {
            left();
            return false;
        }
        if (perClient.merge(key(client), 1, Integer::sum) > limits.perClient()) {
            leaveClient(client);
            left();
            return false;
        }
        open.add(session);
        if (stopping) {
            session.stop();
        }
        return true;
    }

    /** A session that was let in has ended. */
    void leave(Session session, InetAddress client) {
        if (open.remove(session)) {
            leaveClient(client);
            left();
        }
    }

    private void leaveClient(InetAddress client) {
        perClient.computeIfPresent(key(client), (k, n) -> n == 1 ? null : n - 1);
    }

    private void left() {
        if (count.decrementAndGet() == 0 && stopping) {
            drained.complete(true);
        }
    }

    /** IPv6 clients of one /64 are one. */
    static ByteBuffer key(InetAddress client) {
        byte[] octets = client.getAddress();
        return ByteBuffer.wrap(client instanceof Inet6Address ? Arrays.copyOf(octets, IPV6_PREFIX) : octets);
    }

    /** Who watches what is said in them. */
    Watchers watchers() {
        return watchers;
    }

    /** How many are open. */
    int size() {
        return count.get();
    }

    /** Whether most of the room is taken, so that slow clients have to make room. */
    boolean isUnderStress(Limits limits) {
        return count.get() >= limits.connections() - limits.connections() / STRESS_SHARE;
    }

    /** Whether sessions are being ended: a message in progress may finish, no other begins. */
    boolean isStopping() {
        return stopping;
    }

    /**
     * Asks all sessions to end.
     *
     * @return completes when the last one has ended
     */
    CompletableFuture<Boolean> stop() {
        stopping = true;
        new HashSet<>(open).forEach(Session::stop);
        if (count.get() == 0) {
            drained.complete(true);
        }
        return drained;
    }

    /** Closes what is left, at once. */
    void abort() {
        new HashSet<>(open).forEach(Session::abort);
    }
}
