package io.spooler.smtp.listener;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps those out who guess passwords: five failed log-ins within a minute from one address (IPv6: one /64) bar it for
 * fifteen minutes. Remembers so many addresses at most, and forgets those first that it has not heard of for longest.
 * Thread-safe.
 */
final class Guard {

    private static final int MOST_FAILURES = 5;
    private static final long WITHIN = TimeUnit.MINUTES.toNanos(1);
    private static final long BARRED = TimeUnit.MINUTES.toNanos(15);
    private static final int MOST_ADDRESSES = 10_000;

    private final LongSupplier nanos;
    /** Times of the latest failures, the oldest in front. A full one whose ends are near each other bars. */
    private final Map<ByteBuffer, Deque<Long>> failures = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Deque<Long>> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    /** With a clock that only goes forward. */
    Guard(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized boolean isBarred(InetAddress client) {
        if (failures.isEmpty()) {
            return false;
        }
        Deque<Long> times = failures.get(Sessions.key(client));
        return times != null
                && times.size() == MOST_FAILURES
                && times.getLast() - times.getFirst() <= WITHIN
                && nanos.getAsLong() - times.getLast() < BARRED;
    }

    /** A log-in has failed; true if the address is barred now. */
    synchronized boolean failed(InetAddress client) {
        Deque<Long> times = failures.computeIfAbsent(Sessions.key(client), k -> new ArrayDeque<>(MOST_FAILURES + 1));
        times.addLast(nanos.getAsLong());
        if (times.size() > MOST_FAILURES) {
            times.removeFirst();
        }
        return isBarred(client);
    }
}
