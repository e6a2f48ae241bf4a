package io.spooler.core.admin;

import io.spooler.Recipient;
import io.spooler.RecipientState;
import io.spooler.RecipientStatus;
import io.spooler.core.claim.StartWait;
import io.spooler.core.claim.Suspects;
import io.spooler.core.registry.Away;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.registry.TransportEntry;
import io.spooler.core.route.Alternatives;
import io.spooler.core.route.Router;
import io.spooler.store.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says in words why a recipient is where it is: what it waits for, when next, when it is given up, what was tried, what was
 * said.
 *
 * @param message whose
 * @param snapshot what is present
 * @param routes knows which destinations rest
 * @param maxAge at which a recipient is given up
 * @param start until when routing waits for transports after a start, or null
 * @param now the present time
 */
record Explainer(
        Message message,
        Snapshot snapshot,
        Routes routes,
        Duration maxAge,
        @Nullable Instant start,
        Instant now) {

    /** So many at least, however old (reliability 1.11). */
    private static final int ATTEMPTS = 2;

    /** In words, also who of those that are present has declined the recipient in this round. */
    String explain(RecipientStatus status, Set<Long> declined) {
        String what = switch (status.state()) {
            case READY -> ready(status) + route(status) + end(status);
            case OFFERED -> "a transport is working on it since " + time(status.changed());
            case WAITING -> waiting(status);
            case DEFERRED -> "next attempt at " + time(status.due()) + route(status) + end(status);
            case HELD -> "held since " + time(status.changed()) + "; release it to go on";
            case DELIVERED -> "delivered at " + time(status.changed());
            case RELAYED -> "relayed at " + time(status.changed()) + "; the next system has the responsibility";
            case FAILED -> "failed for good at " + time(status.changed());
            case EXPIRED -> "expired at " + time(status.changed());
            case CANCELLED -> "cancelled at " + time(status.changed());
        };
        return status.state() + ": " + what + declined(declined) + tried(status)
                + alternatives(status.recipient(), status.state());
    }

    private String alternatives(Recipient recipient, RecipientState state) {
        String first = recipient.original() == null ? "" : "; original recipient: " + recipient.original();
        if (state.isFinal() || recipient.alternatives().isEmpty()) {
            return first;
        }
        Instant latest = Alternatives.time(message, recipient);
        return first + "; if it fails: "
                + recipient.alternatives().stream()
                        .map(alternative -> alternative.address().toString())
                        .collect(Collectors.joining(", then "))
                + (latest == null ? "" : ", at " + time(latest) + " at the latest");
    }

    private String declined(Set<Long> transports) {
        String names = snapshot.transports().stream()
                .filter(entry -> transports.contains(entry.id()))
                .map(TransportEntry::name)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "; declined in this round by " + names;
    }

    private String ready(RecipientStatus status) {
        Instant due = status.due();
        if (due != null && due.isAfter(now)) {
            return "not before " + time(due);
        }
        return start == null
                ? "due, in line" + suspected()
                : "due; waits for transport " + String.join(", ", StartWait.missing(snapshot)) + " to appear, until "
                        + time(start);
    }

    private String suspected() {
        return Suspects.isSuspect(message)
                ? "; in work one at a time with others like it, since the process ended " + message.crashes()
                        + " times in a row meanwhile"
                : "";
    }

    private String waiting(RecipientStatus status) {
        Away away = Router.away(status.recipient(), message.content().size(), snapshot);
        if (away != null) {
            return "waits for transport " + away.name() + ", which is away: " + away.reason() + "; gives up at "
                    + time(status.due()) + "; it goes on by itself as soon as " + away.name() + " is back";
        }
        String pin = status.recipient().transport();
        String type = status.recipient().address().type();
        String missing = pin != null && !snapshot.isPresent(pin)
                ? "waits for the transport " + pin + ", which is not present"
                : "no transport that is present carries " + status.recipient().address()
                        + (pin == null ? "" : " by " + pin);
        return missing + " (missing type: " + type + "; "
                + snapshot.transports().size() + " transports present); gives up at " + time(status.due())
                + "; it goes on by itself as soon as a transport for it appears";
    }

    private String route(RecipientStatus status) {
        List<Router.Hop> hops = Router.route(status.recipient(), snapshot);
        return hops.isEmpty()
                ? "; no transport for it is present now"
                : "; route: " + hops.stream().map(hop -> hop(hop, status)).collect(Collectors.joining(", "));
    }

    private String hop(Router.Hop hop, RecipientStatus status) {
        TransportEntry entry = hop.transport();
        boolean large = message.content().size() > entry.maxSize();
        return entry.name() + " (" + hop.rule()
                + (large ? ", but the message is too large for it" : "")
                + routes.obstacles(entry, status.recipient()).stream()
                        .map(obstacle -> ", its destination " + obstacle)
                        .collect(Collectors.joining())
                + ")";
    }

    private String end(RecipientStatus status) {
        Instant own = message.envelope().options().expires();
        if (own == null && !snapshot.retryPolicies().isEmpty()) {
            return "; given up when the retry policy "
                    + snapshot.retryPolicies().get(0).name() + " says so";
        }
        Instant end = own != null ? own : message.submitted().plus(maxAge);
        boolean soon = own != null || status.attempts() >= ATTEMPTS;
        return "; gives up at " + time(end) + (soon ? "" : ", after " + ATTEMPTS + " attempts at least");
    }

    private String tried(RecipientStatus status) {
        String last = status.transport();
        String attempts = status.attempts() == 0
                ? "; never tried"
                : "; tried " + status.attempts() + (status.attempts() == 1 ? " time" : " times")
                        + (last == null ? "" : ", last by " + last + gone(last, status.state()));
        return attempts + (status.reply() == null ? "" : "; last reply: " + status.reply());
    }

    private String gone(String transport, RecipientState state) {
        return state.isFinal() || snapshot.isPresent(transport) ? "" : ", which is not present now";
    }

    private static String time(@Nullable Instant time) {
        return Objects.toString(time == null ? null : time.truncatedTo(ChronoUnit.SECONDS), "no time");
    }
}
