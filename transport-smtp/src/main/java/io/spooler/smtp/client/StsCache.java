package io.spooler.smtp.client;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Policies that were fetched, as long as they hold; the one that was not asked for longest goes first. They are not kept over a
 * restart. Any thread.
 */
final class StsCache {

    private static final int MOST = 10_000;
    /** After one that could not be had (RFC 8461 section 3.3). */
    private static final Duration PAUSE = Duration.ofMinutes(5);
    /** One that is older is fetched again while it holds, or somebody could wait for its end (RFC 8461 section 10.2). */
    private static final Duration FRESH = Duration.ofDays(1);

    private final Map<String, Known> entries = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * What is known of a domain.
     *
     * @param id which version of the policy
     * @param policy the policy, or null if none could be had yet
     * @param stale when that version is to be fetched again
     * @param expires when it holds no more
     * @param retry not to be fetched again before
     */
    private record Known(String id, @Nullable StsPolicy policy, Instant stale, Instant expires, Instant retry) {}

    /** The policy of a domain, if it still holds. */
    synchronized @Nullable StsPolicy policy(String domain, Instant now) {
        Known entry = entries.get(domain);
        return entry == null || !now.isBefore(entry.expires) ? null : entry.policy;
    }

    /** Whether a policy is to be fetched. */
    synchronized boolean isWanted(String domain, String id, Instant now) {
        Known entry = entries.get(domain);
        if (entry == null) {
            return true;
        }
        boolean fresh = entry.id.equals(id) && now.isBefore(entry.stale);
        return !fresh && !now.isBefore(entry.retry);
    }

    /** Whether this version of the policy is known and holds, so that nobody need wait for another. */
    synchronized boolean holds(String domain, String id, Instant now) {
        Known entry = entries.get(domain);
        return entry != null && entry.id.equals(id) && now.isBefore(entry.expires);
    }

    synchronized void put(String domain, String id, StsPolicy policy, Instant now) {
        Duration half = policy.maxAge().dividedBy(2);
        Instant stale = now.plus(half.compareTo(FRESH) < 0 ? half : FRESH);
        keep(domain, new Known(id, policy, stale, now.plus(policy.maxAge()), now));
    }

    /** It could not be had; the former one stays as long as it holds. */
    synchronized void failed(String domain, Instant now) {
        Known former = entries.getOrDefault(domain, new Known("", null, now, now, now));
        keep(domain, new Known(former.id, former.policy, former.stale, former.expires, now.plus(PAUSE)));
    }

    private void keep(String domain, Known entry) {
        if (entries.size() >= MOST && !entries.containsKey(domain)) {
            entries.remove(entries.keySet().iterator().next());
        }
        entries.put(domain, entry);
    }
}
