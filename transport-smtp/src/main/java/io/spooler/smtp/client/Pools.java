package io.spooler.smtp.client;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The pools under one version of the settings: one for each destination, and as long as it has connections. Any thread.
 */
final class Pools {

    private final ClientSettings settings;
    private final Function<String, Site> sites;
    private final int limit;
    private final Room room;
    private final Map<String, Pool> open = new ConcurrentHashMap<>();
    /** Also those that have connections which only say good-bye. */
    private final Set<Pool> all = ConcurrentHashMap.newKeySet();

    private volatile Consumer<Transfer> heir = Transfer::handBack;
    private volatile boolean stopped;

    /**
     * Without pools.
     *
     * @param settings as configured
     * @param sites makes what the connections to one destination share
     */
    Pools(ClientSettings settings, Function<String, Site> sites) {
        this.settings = settings;
        this.sites = sites;
        this.limit = settings.direct() ? settings.perDestination() : settings.concurrency();
        this.room = new Room(settings.concurrency());
    }

    ClientSettings settings() {
        return settings;
    }

    Site site(String destination) {
        return sites.apply(destination);
    }

    /**
     * Takes a message.
     *
     * @param destination its domain for direct delivery, else empty
     * @param transfer to be carried
     * @return false if these pools have stopped
     */
    boolean submit(String destination, Transfer transfer) {
        while (!stopped) {
            Pool pool = open.computeIfAbsent(destination, this::make);
            if (pool.submit(transfer)) {
                if (stopped) {
                    // It came after all others were stopped.
                    pool.stop(heir);
                }
                return true;
            }
            open.remove(destination, pool);
        }
        return false;
    }

    private Pool make(String destination) {
        Pool pool = new Pool(sites.apply(destination), limit, room, transfer -> again(destination, transfer));
        all.add(pool);
        pool.empty().thenRun(() -> {
            open.remove(destination, pool);
            all.remove(pool);
        });
        return pool;
    }

    private void again(String destination, Transfer transfer) {
        if (!submit(destination, transfer)) {
            heir.accept(transfer);
        }
    }

    /** Cancelled: if it waits here, it is handed back. */
    void cancelQueued(Transfer transfer) {
        all.forEach(pool -> pool.cancelQueued(transfer));
    }

    /**
     * Takes nothing more. What waits or only connects goes to the heir; what is being sent may finish.
     *
     * @param takesOver gets what was not begun
     */
    void stop(Consumer<Transfer> takesOver) {
        heir = takesOver;
        stopped = true;
        all.forEach(pool -> pool.stop(takesOver));
    }

    /** Completes when the pools that are stopped now have no connection left. */
    CompletableFuture<Void> empty() {
        return CompletableFuture.allOf(all.stream().map(Pool::empty).toArray(CompletableFuture<?>[]::new));
    }

    /** Ends what is left. */
    void abort() {
        all.forEach(Pool::abort);
    }

    /**
     * Waits for the end of stopped pools, and brings it about when the time is over.
     *
     * @param end by {@link System#nanoTime()}: how long to wait for what is being sent
     */
    void awaitEnd(long end) {
        for (Pool pool : all) {
            pool.awaitEnd(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }
}
