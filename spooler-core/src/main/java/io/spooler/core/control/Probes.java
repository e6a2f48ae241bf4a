package io.spooler.core.control;

import io.spooler.core.deliver.Health;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets transports look whether they can work, by order and never otherwise (R67), one look at a time for each. What comes
 * later than the limit, or of a transport that has left meanwhile, counts for nothing. Runs on the loop.
 */
public final class Probes {

    private static final Logger LOG = LoggerFactory.getLogger(Probes.class);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Loop loop;
    private final Supplier<Snapshot> present;
    private final Health health;
    private final Consumer<TransportEntry> admit;
    private final Map<Long, Object> looking = new HashMap<>();

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param present what is present
     * @param health hears what was found
     * @param admit takes a transport that was found available: what waits for it may go
     */
    public Probes(Loop loop, Supplier<Snapshot> present, Health health, Consumer<TransportEntry> admit) {
        this.loop = loop;
        this.present = present;
        this.health = health;
        this.admit = admit;
    }

    /**
     * Begins to look, unless it does so already.
     *
     * @param transport which
     */
    public void begin(TransportEntry transport) {
        long id = transport.id();
        Object look = new Object();
        if (looking.putIfAbsent(id, look) != null) {
            return;
        }
        Loop.Timer limit = loop.after(LIMIT, () -> ended(id, look, null, new IllegalStateException("no answer")));
        try {
            transport
                    .provider()
                    .validate()
                    .whenComplete((status, error) -> loop.execute(() -> {
                        limit.cancel();
                        ended(id, look, status, error);
                    }));
        } catch (RuntimeException | LinkageError e) {
            limit.cancel();
            ended(id, look, null, e);
        }
    }

    private void ended(long transport, Object look, @Nullable TransportStatus status, @Nullable Throwable error) {
        Optional<TransportEntry> entry = present.get().transport(transport);
        if (!looking.remove(transport, look) || entry.isEmpty()) {
            return;
        }
        TransportStatus found =
                status == null ? new TransportStatus(Condition.OFFLINE, "the check failed: " + error) : status;
        LOG.info("transport {} was checked: {}: {}", entry.get().name(), found.condition(), found.text());
        health.found(entry.get(), found);
        if (found.condition() == Condition.AVAILABLE) {
            admit.accept(entry.get());
        }
    }
}
