package io.spooler.core.route;

import io.spooler.core.registry.PolicyEntry;
import io.spooler.core.registry.Snapshot;
import io.spooler.hook.RetryPolicy;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the retry policy that is present, or the settings where there is none or where its answer cannot be used. Runs on
 * the loop; holds no policy.
 */
public final class Retries {

    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
    private static final int QUIET = 1000;

    private final Supplier<Snapshot> present;
    private final Supplier<? extends RetryPolicy> settings;
    private long refused;

    /**
     * Assigns.
     *
     * @param present what is present
     * @param settings decides where no service does
     */
    public Retries(Supplier<Snapshot> present, Supplier<? extends RetryPolicy> settings) {
        this.present = present;
        this.settings = settings;
    }

    /**
     * Decides what is next after an attempt that did not succeed.
     *
     * @param attempt what happened so far
     * @return the time of the next attempt, after the present one and not after the sender's own limit; null to give up
     */
    public @Nullable Instant next(RetryPolicy.Attempt attempt) {
        PolicyEntry entry = present.get().retryPolicies().stream().findFirst().orElse(null);
        RetryPolicy.Next next = entry == null ? null : ask(entry, attempt);
        if (next == null) {
            next = settings.get().next(attempt);
        }
        if (!(next instanceof RetryPolicy.At at)) {
            return null;
        }
        Instant own = attempt.expires();
        return own != null && own.isBefore(at.time()) && own.isAfter(attempt.now()) ? own : at.time();
    }

    private RetryPolicy.@Nullable Next ask(PolicyEntry entry, RetryPolicy.Attempt attempt) {
        RetryPolicy.Next next;
        try {
            next = entry.policy().next(attempt);
        } catch (RuntimeException | LinkageError e) {
            refuse(entry, "it failed: " + e);
            return null;
        }
        if (!usable(next, attempt.now())) {
            refuse(entry, "it answered " + next);
            return null;
        }
        return next;
    }

    private static boolean usable(RetryPolicy.@Nullable Next next, Instant now) {
        if (next instanceof RetryPolicy.At at) {
            return at.time() != null && at.time().isAfter(now) && !at.time().isAfter(now.plus(RetryPolicy.LONGEST));
        }
        return next != null;
    }

    /** One warning stands for many: it may be asked for each of a thousand recipients. */
    private void refuse(PolicyEntry entry, String why) {
        if (refused++ % QUIET == 0) {
            LOG.warn("the settings decide instead of retry policy {}: {}", entry.name(), why);
        }
    }
}
