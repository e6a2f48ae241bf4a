package io.spooler.core.admin;

import io.spooler.RecipientStatus;
import io.spooler.core.registry.Snapshot;
import io.spooler.core.route.Router;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in words why a recipient is where it is: what was tried, what was said, what it waits for, when next. */
final class Explainer {

    private Explainer() {}

    static String explain(RecipientStatus status, Snapshot snapshot, Instant now) {
        String tried = tried(status);
        String what = switch (status.state()) {
            case READY -> ready(status, snapshot, now);
            case OFFERED -> "a transport is working on it since " + time(status.changed());
            case WAITING -> waiting(status, snapshot);
            case DEFERRED -> "next attempt at " + time(status.due()) + route(status, snapshot);
            case HELD -> "held since " + time(status.changed()) + "; release it to go on";
            case DELIVERED -> "delivered at " + time(status.changed());
            case RELAYED -> "relayed at " + time(status.changed()) + "; the next system has the responsibility";
            case FAILED -> "failed for good at " + time(status.changed());
            case EXPIRED -> "expired at " + time(status.changed());
            case CANCELLED -> "cancelled at " + time(status.changed());
        };
        return status.state() + ": " + what + tried;
    }

    private static String ready(RecipientStatus status, Snapshot snapshot, Instant now) {
        Instant due = status.due();
        return due != null && due.isAfter(now)
                ? "not before " + time(due) + route(status, snapshot)
                : "due, in line" + route(status, snapshot);
    }

    private static String waiting(RecipientStatus status, Snapshot snapshot) {
        String type = status.recipient().address().type();
        return "no transport that is present carries " + status.recipient().address() + " (missing type: " + type + "; "
                + snapshot.transports().size() + " transports present); gives up at " + time(status.due())
                + "; it goes on by itself as soon as a transport for it appears";
    }

    private static String route(RecipientStatus status, Snapshot snapshot) {
        List<Router.Hop> hops = Router.route(status.recipient(), snapshot);
        return hops.isEmpty()
                ? "; no transport for it is present now"
                : "; route: "
                        + hops.stream()
                                .map(hop -> hop.transport().name() + " (" + hop.rule() + ")")
                                .collect(Collectors.joining(", "));
    }

    private static String tried(RecipientStatus status) {
        String attempts = status.attempts() == 0
                ? "; never tried"
                : "; tried " + status.attempts() + (status.attempts() == 1 ? " time" : " times")
                        + (status.transport() == null ? "" : ", last by " + status.transport());
        return attempts + (status.reply() == null ? "" : "; last reply: " + status.reply());
    }

    private static String time(@Nullable Instant time) {
        return time == null ? "no time" : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
