package io.spooler.core.route;

import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.Reply;
import io.spooler.core.registry.Away;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import io.spooler.store.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides what to do with one recipient now. A pure function of the message, the snapshot and the time. */
public final class Planner {

    private Planner() {}

    /** What to do. */
    public sealed interface Plan {}

    /**
     * Offer it.
     *
     * @param transport to whom
     */
    public record Offer(TransportEntry transport) implements Plan {}

    /**
     * Record a state; no transport is asked.
     *
     * @param state WAITING, READY, FAILED or EXPIRED
     * @param due when it ends by itself, or null
     * @param reply why
     * @param renewed the recipient at its next alternative, or null
     */
    public record Note(
            RecipientState state,
            @Nullable Instant due,
            @Nullable Reply reply,
            @Nullable Recipient renewed) implements Plan {

        Note(RecipientState state, @Nullable Instant due, @Nullable Reply reply) {
            this(state, due, reply, null);
        }
    }

    /**
     * How long a recipient waits.
     *
     * @param maxWait for a transport that nobody knows
     * @param maxAge since its submission, for one that is away; its sender's own limit goes before it
     */
    public record Limits(Duration maxWait, Duration maxAge) {}

    /**
     * Decides.
     *
     * @param status the recipient's entry
     * @param message its message
     * @param declined transports that did not want it in this round
     * @param snapshot what is present
     * @param limits how long a recipient waits for a transport
     * @param now the present time
     * @return what to do
     */
    public static Plan plan(
            RecipientStatus status,
            Message message,
            Set<Long> declined,
            Snapshot snapshot,
            Limits limits,
            Instant now) {
        Instant notBefore = message.envelope().options().notBefore();
        if (notBefore != null && now.isBefore(notBefore)) {
            return new Note(RecipientState.READY, notBefore, null);
        }
        Instant expires = message.envelope().options().expires();
        if (expires != null && !now.isBefore(expires)) {
            return new Note(RecipientState.EXPIRED, null, expired(status.reply()));
        }
        Instant alternative = Alternatives.time(message, status.recipient());
        if (alternative != null && !now.isBefore(alternative)) {
            return Alternatives.inTime(status.recipient(), now);
        }
        List<Router.Hop> route = Router.route(status.recipient(), snapshot);
        if (!declined.isEmpty()) {
            route = route.stream()
                    .filter(hop -> !declined.contains(hop.transport().id()))
                    .toList();
        }
        long size = message.content().size();
        for (Router.Hop hop : route) {
            if (size <= hop.transport().maxSize()) {
                return new Offer(hop.transport());
            }
        }
        Away away = Router.away(status.recipient(), size, snapshot);
        if (away != null) {
            return whileAway(
                    away, expires != null ? expires : message.submitted().plus(limits.maxAge()), now);
        }
        if (route.isEmpty()) {
            return declined.isEmpty() ? wait(status, limits.maxWait(), expires, now) : refusedByAll();
        }
        return tooLarge(size, route);
    }

    /** Claimed, but by one that is away: that is no failure, however long it lasts, but the message grows old (R34). */
    private static Plan whileAway(Away away, Instant end, Instant now) {
        Reply reply = new Reply("4.3.2", "waits for transport " + away.name() + ", which is away: " + away.reason());
        return now.isBefore(end)
                ? new Note(RecipientState.WAITING, end, reply)
                : new Note(RecipientState.EXPIRED, null, expired(reply));
    }

    private static Plan wait(RecipientStatus status, Duration maxWait, @Nullable Instant expires, Instant now) {
        Instant deadline =
                status.state() == RecipientState.WAITING && status.due() != null ? status.due() : now.plus(maxWait);
        deadline = expires != null && expires.isBefore(deadline) ? expires : deadline;
        Reply reply = new Reply("4.4.4", missing(status.recipient()));
        if (!now.isBefore(deadline)) {
            return new Note(RecipientState.EXPIRED, null, new Reply("5.4.4", missing(status.recipient())));
        }
        return new Note(RecipientState.WAITING, deadline, reply);
    }

    /** The words for a recipient that nobody carries: they name the missing type. */
    private static String missing(Recipient recipient) {
        return recipient.transport() != null
                ? "waits for the transport " + recipient.transport()
                : "waits for a transport: none that is present carries "
                        + recipient.address().type() + " recipients like " + recipient.address();
    }

    private static Plan refusedByAll() {
        return new Note(
                RecipientState.FAILED, null, new Reply("5.4.4", "every transport on its route declined the recipient"));
    }

    private static Plan tooLarge(long size, List<Router.Hop> route) {
        long most =
                route.stream().mapToLong(hop -> hop.transport().maxSize()).max().orElse(0);
        return new Note(
                RecipientState.FAILED,
                null,
                new Reply("5.3.4", "message of " + size + " octets; its transports carry at most " + most));
    }

    /**
     * The words for a recipient whose time is over.
     *
     * @param last what was said last, or null
     * @return status 5.4.7
     */
    public static Reply expired(@Nullable Reply last) {
        return new Reply("5.4.7", "delivery time expired" + (last == null ? "" : "; last reply: " + last));
    }
}
