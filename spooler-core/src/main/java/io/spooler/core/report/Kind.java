package io.spooler.core.report;

import io.spooler.Recipient.Notify;
import io.spooler.RecipientState;
import org.jspecify.annotations.Nullable;

/** What a report says of one recipient, the gravest first. */
enum Kind {
    /** Will not be delivered. */
    FAILED("failed", '5', Notify.FAILURE),
    /** Was not delivered in time. */
    EXPIRED("failed", '5', Notify.FAILURE),
    /** Is late, and still being tried. */
    DELAYED("delayed", '4', Notify.DELAY),
    /** Handed to a system that will not report by itself. */
    RELAYED("relayed", '2', Notify.SUCCESS),
    /** Arrived. */
    DELIVERED("delivered", '2', Notify.SUCCESS);

    private final String action;
    private final char statusClass;
    private final Notify occasion;

    Kind(String action, char statusClass, Notify occasion) {
        this.action = action;
        this.statusClass = statusClass;
        this.occasion = occasion;
    }

    /** What a final state is reported as; null for CANCELLED, which is no news, and for states that are not final. */
    static @Nullable Kind of(RecipientState state) {
        return switch (state) {
            case DELIVERED -> DELIVERED;
            case RELAYED -> RELAYED;
            case FAILED -> FAILED;
            case EXPIRED -> EXPIRED;
            case CANCELLED, READY, OFFERED, WAITING, DEFERRED, HELD -> null;
        };
    }

    /** The Action field (RFC 3464 section 2.3.3). */
    String action() {
        return action;
    }

    /** The class of the Status field that goes with the action (RFC 3464 section 2.3.4). */
    char statusClass() {
        return statusClass;
    }

    /** The occasion a sender asks for (RFC 3461 section 4.1). */
    Notify occasion() {
        return occasion;
    }

    boolean isFailure() {
        return occasion == Notify.FAILURE;
    }
}
