package io.spooler.smtp.client;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Servers that were out of reach a moment ago, to be tried behind the others. Any thread. */
final class Rests {

    private static final long REST = Duration.ofMinutes(1).toNanos();
    private static final int MOST = 1_000;

    private final Map<InetSocketAddress, Long> until = new LinkedHashMap<>();

    synchronized void failed(Endpoint endpoint) {
        if (until.size() >= MOST) {
            until.remove(until.keySet().iterator().next());
        }
        until.put(endpoint.address(), System.nanoTime() + REST);
    }

    synchronized void worked(Endpoint endpoint) {
        until.remove(endpoint.address());
    }

    /** The same, those that rest last. */
    synchronized List<Endpoint> order(List<Endpoint> endpoints) {
        if (until.isEmpty() || endpoints.size() == 1) {
            return endpoints;
        }
        List<Endpoint> first = new ArrayList<>();
        List<Endpoint> last = new ArrayList<>();
        long now = System.nanoTime();
        for (Endpoint endpoint : endpoints) {
            Long time = until.get(endpoint.address());
            (time != null && time - now > 0 ? last : first).add(endpoint);
        }
        first.addAll(last);
        return first;
    }
}
