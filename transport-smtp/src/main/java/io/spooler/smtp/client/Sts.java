package io.spooler.smtp.client;

import io.spooler.Reply;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the MTA-STS policies of domains (RFC 8461): looks for a record that tells the present version, and fetches that once,
 * and again in time before it expires, for which nobody waits. What cannot be looked up or fetched leaves the former policy in force. Any thread; nothing blocks.
 */
final class Sts {

    private static final Logger LOG = LoggerFactory.getLogger(Sts.class);
    private static final Pattern ID = Pattern.compile("v=STSv1\\s*;.*?\\bid=([A-Za-z0-9]{1,32})\\s*(;.*)?");

    private final Names names;
    private final StsFetch fetch;
    private final StsCache cache;
    private final Clock clock;
    private final Map<String, CompletableFuture<Void>> fetching = new ConcurrentHashMap<>();

    /**
     * Asks nothing yet.
     *
     * @param names has the records
     * @param fetch has the policies
     * @param cache keeps them
     * @param clock tells how long they hold
     */
    Sts(Names names, StsFetch fetch, StsCache cache, Clock clock) {
        this.names = names;
        this.fetch = fetch;
        this.cache = cache;
        this.clock = clock;
    }

    /**
     * The policy of a domain.
     *
     * @param domain in ASCII
     * @return completes with the policy that holds at present, or empty; never exceptionally
     */
    CompletionStage<Optional<StsPolicy>> of(String domain) {
        return names.texts("_mta-sts." + domain)
                .handle((texts, error) -> texts == null ? "" : id(texts))
                .thenCompose(id -> refreshed(domain, id))
                .handle((nothing, error) -> Optional.ofNullable(cache.policy(domain, clock.instant())));
    }

    /** RFC 8461 section 3.1: with more than one record there is none. */
    private static String id(List<String> texts) {
        List<String> records =
                texts.stream().filter(text -> text.startsWith("v=STSv1")).toList();
        Matcher matcher = ID.matcher(records.size() == 1 ? records.get(0) : "");
        return matcher.matches() ? matcher.group(1) : "";
    }

    private CompletionStage<Void> refreshed(String domain, String id) {
        if (id.isEmpty() || !cache.isWanted(domain, id, clock.instant())) {
            return CompletableFuture.completedFuture(null);
        }
        boolean holds = cache.holds(domain, id, clock.instant());
        CompletionStage<Void> fetched = fetched(domain, id);
        return holds ? CompletableFuture.completedFuture(null) : fetched;
    }

    private CompletionStage<Void> fetched(String domain, String id) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> other = fetching.putIfAbsent(domain, mine);
        if (other != null) {
            return other;
        }
        fetch.get(domain).whenComplete((text, error) -> {
            keep(domain, id, text == null ? "" : text, error);
            fetching.remove(domain);
            mine.complete(null);
        });
        return mine;
    }

    private void keep(String domain, String id, String text, @Nullable Throwable error) {
        Optional<StsPolicy> policy = StsPolicy.parse(text);
        if (policy.isPresent()) {
            cache.put(domain, id, policy.get(), clock.instant());
        } else {
            cache.failed(domain, clock.instant());
            LOG.warn(
                    "{} announces an MTA-STS policy that cannot be had: {}",
                    domain,
                    Reply.clean(error == null ? "it is no policy" : String.valueOf(error)));
        }
    }
}
