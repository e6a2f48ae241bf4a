package io.spooler.smtp.client;

import io.netty.util.concurrent.ScheduledFuture;
import io.spooler.Reply;
import io.spooler.transport.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one destination under one version of the settings, and the messages that wait for one of them. A free connection is
 * used again, the last one first; a new one is opened while there are fewer than allowed, here and in all.
 *
 * <p>Any thread. The lock, which is that of the {@link Room}, guards the collections only: connections and transfers are called
 * outside of it.
 */
final class Pool implements Owner {

    private static final long LOOK_MS = 250;
    private static final Duration AFTER_ABORT = Duration.ofSeconds(2);
    /** A server that may not understand groups across messages gets none for so long. */
    private static final long WITHOUT_GROUPS = Duration.ofHours(1).toNanos();

    private final Site site;
    private final int limit;
    /** Takes back what was not begun when the pool stops. */
    private volatile Consumer<Transfer> heir;

    private final CompletableFuture<Void> empty = new CompletableFuture<>();

    private final Room room;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Set<Connection> live = new HashSet<>();
    private final Set<Connection> established = new HashSet<>();
    private final Set<Connection> leaving = new HashSet<>();
    /** They have sent a message and may take the commands of another, the longest ago first. */
    private final LinkedHashSet<Connection> sent = new LinkedHashSet<>();
    /** In order of arrival, and quick to remove from the middle. */
    private final LinkedHashSet<Transfer> queue = new LinkedHashSet<>();

    private boolean stopped;
    private boolean groups = true;
    private long groupsAgain;
    private @Nullable ScheduledFuture<?> watch;

    /**
     * Without connections.
     *
     * @param site where to, and how
     * @param limit most connections at a time
     * @param room for all destinations
     * @param heir gets what comes back when the pool has stopped
     */
    Pool(Site site, int limit, Room room, Consumer<Transfer> heir) {
        this.site = site;
        this.limit = limit;
        this.room = room;
        this.heir = heir;
    }

    /**
     * Takes a message.
     *
     * @param transfer to be carried
     * @return false if the pool has stopped
     */
    boolean submit(Transfer transfer) {
        Connection free;
        Connection fresh = null;
        Connection behind = null;
        synchronized (room) {
            if (stopped) {
                return false;
            }
            free = takeIdle();
            if (free == null && live.size() < limit && room.isFree(this)) {
                fresh = fresh(transfer);
            } else if (free == null) {
                behind = behindOrQueue(transfer);
            }
        }
        if (free != null) {
            free.carry(transfer);
        } else if (fresh != null) {
            fresh.open();
        } else if (behind != null) {
            behind.attach(transfer);
        } else {
            room.serve();
        }
        return true;
    }

    private @Nullable Connection takeIdle() {
        Connection last = idle.pollLast();
        room.idle(this, !idle.isEmpty());
        return last;
    }

    private @Nullable Connection behindOrQueue(Transfer transfer) {
        if (!sent.isEmpty() && queue.isEmpty()) {
            Connection first = sent.iterator().next();
            sent.remove(first);
            return first;
        }
        queue.add(transfer);
        watchQueue();
        awaitRoom();
        return null;
    }

    private void awaitRoom() {
        if (!stopped && live.size() < limit && !queue.isEmpty()) {
            room.await(this);
        }
    }

    /** How many connections it has. Under the lock. */
    int size() {
        return live.size();
    }

    /** Whether one of them works. Under the lock. */
    boolean hasSession() {
        return !established.isEmpty();
    }

    /**
     * One more connection has room. Under the lock.
     *
     * @param opened gets it, if it is still wanted, to be opened outside of the lock
     */
    void openForQueue(List<Connection> opened) {
        Transfer first = stopped || live.size() >= limit ? null : poll();
        if (first != null) {
            opened.add(fresh(first));
            awaitRoom();
        }
    }

    /** Others need the room, and there is an idle one. Under the lock; it is to quit, outside of it. */
    Connection dismissIdle() {
        Connection first = idle.removeFirst();
        room.idle(this, !idle.isEmpty());
        leave(first);
        return first;
    }

    /** To be opened outside of the lock. */
    private Connection fresh(Transfer transfer) {
        Connection connection = new Connection(site, this, transfer);
        live.add(connection);
        room.opened(connection);
        return connection;
    }

    @Override
    public void established(Connection connection) {
        synchronized (room) {
            established.add(connection);
            room.established(connection);
        }
        room.serve();
    }

    @Override
    public void ready(Connection connection) {
        Transfer next;
        boolean leave;
        synchronized (room) {
            sent.remove(connection);
            boolean enough = hasEnough(connection.served());
            next = enough ? null : poll();
            leave = next == null && (enough || room.isWanted(this));
            if (leave) {
                leave(connection);
                // Behind the others, if it wants another.
                room.forget(this);
            } else if (next == null) {
                idle.addLast(connection);
                room.idle(this, true);
            }
        }
        if (leave) {
            connection.quit();
            askForRoom();
        } else if (next != null) {
            connection.carry(next);
        }
    }

    private boolean hasEnough(int served) {
        return stopped || served >= site.settings().maxMessages() || room.isShareOver(this, served);
    }

    @Override
    public @Nullable Transfer following(Connection connection) {
        synchronized (room) {
            groups |= System.nanoTime() - groupsAgain > 0;
            if (!groups || hasEnough(connection.served() + 1)) {
                return null;
            }
            Transfer next = poll();
            if (next == null) {
                sent.add(connection);
            }
            return next;
        }
    }

    @Override
    public void lostInGroup() {
        synchronized (room) {
            groups = false;
            sent.clear();
            groupsAgain = System.nanoTime() + WITHOUT_GROUPS;
        }
    }

    private void leave(Connection connection) {
        live.remove(connection);
        established.remove(connection);
        leaving.add(connection);
    }

    @Override
    public void expired(Connection connection) {
        synchronized (room) {
            if (!idle.remove(connection)) {
                return;
            }
            room.idle(this, !idle.isEmpty());
            leave(connection);
        }
        connection.quit();
    }

    @Override
    public void again(Transfer transfer) {
        if (!submit(transfer)) {
            heir.accept(transfer);
        }
    }

    @Override
    public void refused(@Nullable Transfer transfer, Reply why, boolean forever) {
        List<Transfer> hopeless = List.of();
        Connection free = null;
        boolean waits = false;
        synchronized (room) {
            if (established.isEmpty()) {
                hopeless = drain();
            } else if (transfer != null && !stopped && transfer.due() - System.nanoTime() > 0) {
                // The server takes some connections, only not this many: the others carry it.
                waits = true;
                free = takeIdle();
                if (free == null) {
                    queue.add(transfer);
                    watchQueue();
                }
            }
        }
        if (free != null && transfer != null) {
            free.carry(transfer);
        }
        if (!waits) {
            giveUp(transfer, hopeless, why, forever);
        }
    }

    private void giveUp(@Nullable Transfer transfer, List<Transfer> hopeless, Reply why, boolean forever) {
        if (site.destination().isEmpty()) {
            site.health().failure(why);
        } else {
            site.health().failureOfOne(why);
        }
        List<Transfer> all = new ArrayList<>(hopeless);
        if (transfer != null) {
            all.add(transfer);
        }
        for (Transfer each : all) {
            if (forever) {
                each.fail(why);
            } else {
                each.giveUp(Outcome.Scope.LANE, why);
            }
        }
    }

    @Override
    public void gone(Connection connection) {
        boolean worked;
        synchronized (room) {
            idle.remove(connection);
            room.idle(this, !idle.isEmpty());
            sent.remove(connection);
            live.remove(connection);
            leaving.remove(connection);
            // One that never worked is not replaced while others do: the server may want no more of them.
            worked = established.remove(connection) || established.isEmpty();
            room.closed(connection);
            if (!worked) {
                room.forget(this);
            }
        }
        endIfUnused();
        // Later, because the phase of the connection still has its say: a refusal may clear the queue.
        connection.loop().execute(worked ? this::askForRoom : room::serve);
    }

    /** One of many destinations is forgotten when nobody needs it; who comes later makes it anew. */
    private void endIfUnused() {
        boolean nobody;
        synchronized (room) {
            stopped |= !site.destination().isEmpty() && live.isEmpty() && queue.isEmpty();
            nobody = isEmpty();
        }
        if (nobody) {
            empty.complete(null);
        }
    }

    private boolean isEmpty() {
        return stopped && live.isEmpty() && leaving.isEmpty();
    }

    private void askForRoom() {
        synchronized (room) {
            awaitRoom();
        }
        endIfUnused();
        room.serve();
    }

    private @Nullable Transfer poll() {
        if (queue.isEmpty()) {
            return null;
        }
        Transfer first = queue.iterator().next();
        queue.remove(first);
        if (queue.isEmpty()) {
            room.forget(this);
        }
        return first;
    }

    private List<Transfer> drain() {
        List<Transfer> all = List.copyOf(queue);
        queue.clear();
        return all;
    }

    /** Cancelled: if it waits here, it is handed back. */
    void cancelQueued(Transfer transfer) {
        boolean was;
        synchronized (room) {
            was = queue.remove(transfer);
        }
        if (was) {
            transfer.handBack();
        }
    }

    // ---- the queue's deadlines

    private void watchQueue() {
        if (watch == null) {
            watch = site.loops().group().next().schedule(this::look, LOOK_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        List<Transfer> late = new ArrayList<>();
        synchronized (room) {
            watch = null;
            long now = System.nanoTime();
            queue.removeIf(t -> t.due() - now <= 0 && late.add(t));
            if (queue.isEmpty()) {
                room.forget(this);
            } else {
                watchQueue();
            }
        }
        endIfUnused();
        Reply why = new Reply("4.4.5", "no connection to " + site.server() + " became free in time");
        late.forEach(t -> t.giveUp(Outcome.Scope.LANE, why));
    }

    // ---- the end

    /**
     * Takes nothing more. What waits or only connects goes to the heir; what is being sent may finish.
     *
     * @param takesOver gets what was not begun
     */
    void stop(Consumer<Transfer> takesOver) {
        List<Transfer> waiting;
        List<Connection> all;
        boolean nobody;
        heir = takesOver;
        synchronized (room) {
            stopped = true;
            room.forget(this);
            sent.clear();
            waiting = drain();
            all = List.copyOf(live);
            nobody = isEmpty();
            if (watch != null) {
                watch.cancel(false);
            }
        }
        if (nobody) {
            empty.complete(null);
        }
        all.forEach(Connection::stop);
        waiting.forEach(takesOver);
    }

    /** Completes when a stopped pool has no connection left. */
    CompletableFuture<Void> empty() {
        return empty;
    }

    /** Ends what is left. */
    void abort() {
        List<Connection> all = new ArrayList<>();
        synchronized (room) {
            all.addAll(live);
            all.addAll(leaving);
        }
        all.forEach(Connection::abort);
    }

    /**
     * Waits for the end of a stopped pool, and brings it about when the time is over.
     *
     * @param grace how long to wait for what is being sent
     */
    void awaitEnd(Duration grace) {
        if (!await(grace)) {
            abort();
            await(AFTER_ABORT);
        }
    }

    private boolean await(Duration time) {
        try {
            empty.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
