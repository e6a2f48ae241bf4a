package io.spooler.core.deliver;

import io.spooler.core.registry.TransportEntry;
import io.spooler.transport.TransportStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a transport says of itself that it cannot work before an administrator acts: then nothing is offered to it
 * until it says otherwise (R45). Looks at most once a second at each. Owned by the loop.
 */
final class Health {

    private static final long FRESH = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanos;
    private final Map<Long, Look> looks = new HashMap<>();

    /** What was seen, and when. */
    private record Look(long at, @Nullable String trouble) {}

    Health(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** What is wrong with a transport that has failed; null if it may be used. */
    @Nullable
    String trouble(TransportEntry transport) {
        long now = nanos.getAsLong();
        Look look = looks.get(transport.id());
        if (look == null || now - look.at > FRESH) {
            look = new Look(now, ask(transport));
            looks.put(transport.id(), look);
        }
        return look.trouble;
    }

    private static @Nullable String ask(TransportEntry transport) {
        try {
            TransportStatus status = transport.provider().status();
            return status.condition() == TransportStatus.Condition.FAILED ? status.text() : null;
        } catch (RuntimeException | LinkageError e) {
            return null;
        }
    }

    /** It has left, or has changed: what was seen counts for nothing. */
    void forget(long transport) {
        looks.remove(transport);
    }
}
