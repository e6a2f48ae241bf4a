package io.spooler.core.deliver;

import io.spooler.Reply;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import io.spooler.admin.SpoolStatus.Failure;
import io.spooler.core.event.Events;
import io.spooler.core.loop.Loop;
import io.spooler.core.registry.TransportEntry;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the transports are (R65): what they say of themselves, what a check has found, when they last succeeded and failed.
 * Nothing is offered to one that says it cannot work before an administrator acts, until it or a check says otherwise (R45,
 * R67). Looks at a transport when it comes, when it works, and when somebody asks: by itself at most once a second, and not
 * at one with nothing to do. Owned by the loop.
 */
public final class Health {

    private static final Logger LOG = LoggerFactory.getLogger(Health.class);
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Loop loop;
    private final Clock clock;
    private final Events events;
    private final RandomGenerator random = new SplittableRandom();
    private final Map<Long, Look> looks = new HashMap<>();
    private @Nullable TransportStatus spooler;

    /**
     * Assigns.
     *
     * @param loop runs this
     * @param clock the time
     * @param events hears of changes
     */
    public Health(Loop loop, Clock clock, Events events) {
        this.loop = loop;
        this.clock = clock;
        this.events = events;
    }

    /** What is known of one transport. */
    private static final class Look {

        private final TransportEntry transport;
        private TransportStatus own;
        private long at;
        private boolean again;
        private @Nullable TransportStatus found;
        private @Nullable TransportStatus told;
        private @Nullable Instant success;
        private @Nullable Failure error;

        private Look(TransportEntry transport, TransportStatus own, long at) {
            this.transport = transport;
            this.own = own;
            this.at = at;
        }

        /** What a check has found counts until the transport says something else, or work shows it. */
        private TransportStatus status() {
            return found == null ? own : found;
        }
    }

    /**
     * What is known of a transport.
     *
     * @param status how it is
     * @param success when it last reached a destination or passed a check, or null
     * @param error when it last did not, or null
     */
    public record View(
            TransportStatus status,
            @Nullable Instant success,
            @Nullable Failure error) {}

    /** What is wrong with a transport that has failed; null if it may be used. */
    @Nullable
    String trouble(TransportEntry transport) {
        Look look = fresh(transport);
        TransportStatus status = look == null ? ask(transport) : look.status();
        return status.condition() == Condition.FAILED ? status.text() : null;
    }

    /** A destination answered. */
    void reached(TransportEntry transport) {
        Look look = fresh(transport);
        if (look != null) {
            look.success = clock.instant();
            forget(look, look.found != null && look.found.condition() != Condition.AVAILABLE);
        }
    }

    /** A destination, or the whole system, is out of reach. */
    void obstructed(TransportEntry transport, Reply why) {
        Look look = fresh(transport);
        if (look != null) {
            look.error = new Failure(clock.instant(), Reply.clean(why.toString()));
            forget(look, look.found != null && look.found.condition() == Condition.AVAILABLE);
        }
    }

    private void forget(Look look, boolean refuted) {
        if (refuted) {
            look.found = null;
            tell(look);
        }
    }

    /**
     * A transport has come, or what it carries has changed: what a check has found counts for nothing.
     *
     * @param transport as it is now
     */
    public void present(TransportEntry transport) {
        Look former = looks.get(transport.id());
        Look look = new Look(transport, ask(transport), loop.nanos());
        if (former != null) {
            look.told = former.told;
            look.success = former.success;
            look.error = former.error;
        }
        looks.put(transport.id(), look);
        tell(look);
    }

    /**
     * A check that was ordered has ended.
     *
     * @param transport which
     * @param status what it has found
     */
    public void found(TransportEntry transport, TransportStatus status) {
        Look look = looks.get(transport.id());
        if (look == null) {
            return;
        }
        if (status.condition() == Condition.AVAILABLE) {
            look.success = clock.instant();
        } else {
            look.error = new Failure(clock.instant(), status.text());
        }
        // What it says of itself at this moment is known to the check.
        look.own = ask(transport);
        look.found = status;
        tell(look);
    }

    /**
     * What is known of a transport now.
     *
     * @param transport which
     * @return the view
     */
    public View view(TransportEntry transport) {
        Look look = looks.get(transport.id());
        if (look == null) {
            return new View(ask(transport), null, null);
        }
        take(look);
        return new View(look.status(), look.success, look.error);
    }

    /** A transport has left: nothing of it is kept. */
    void left(long transport) {
        Look look = looks.remove(transport);
        if (look != null) {
            tell(look.transport.name(), new TransportStatus(Condition.OFFLINE, "has left"));
        }
    }

    /**
     * How the spooler itself is.
     *
     * @param status now
     */
    public void spooler(TransportStatus status) {
        if (!status.equals(spooler)) {
            spooler = status;
            tell(null, status);
        }
    }

    /**
     * Not older than a second: else looks, or will when the second is over, so that the last change is not missed. Null for
     * one that has left: nothing of it is kept.
     */
    private @Nullable Look fresh(TransportEntry transport) {
        Look look = looks.get(transport.id());
        if (look != null && loop.nanos() - look.at > FRESH.toNanos()) {
            take(look);
        } else if (look != null && !look.again) {
            look.again = true;
            loop.after(FRESH, () -> again(look));
        }
        return look;
    }

    private void again(Look look) {
        look.again = false;
        if (looks.get(look.transport.id()) == look) {
            take(look);
        }
    }

    private void take(Look look) {
        TransportStatus own = ask(look.transport);
        look.at = loop.nanos();
        if (!own.equals(look.own)) {
            look.own = own;
            look.found = null;
        }
        tell(look);
    }

    /** One whose status fails may still carry. */
    private static TransportStatus ask(TransportEntry transport) {
        try {
            return transport.provider().status();
        } catch (RuntimeException | LinkageError e) {
            return new TransportStatus(Condition.OFFLINE, "status failed: " + e);
        }
    }

    private void tell(Look look) {
        TransportStatus status = look.status();
        if (!status.equals(look.told)) {
            look.told = status;
            tell(look.transport.name(), status);
        }
    }

    private void tell(@Nullable String transport, TransportStatus status) {
        Instant now = clock.instant();
        LOG.debug("{} is {}: {}", transport == null ? "the spooler" : transport, status.condition(), status.text());
        events.emit(new SpoolEvent.Status(
                SpoolId.next(now, random), now, transport, status.condition().name(), status.text()));
    }
}
