package io.spooler;

/** The state of one recipient (R38). The legal transitions stand in {@code ARCHITECTURE.md}, one table. */
public enum RecipientState {
    /** May be offered to a transport as soon as it is due. */
    READY(false),
    /** A transport is working on it. Volatile: after a crash it is READY again, with the attempt counted. */
    OFFERED(false),
    /** No transport that is present claims it; has a deadline. */
    WAITING(false),
    /** An attempt did not succeed; READY again when due. */
    DEFERRED(false),
    /** Held by an administrator, until released. */
    HELD(false),
    /** Arrived in the recipient's own system. */
    DELIVERED(true),
    /** Handed to a system that took the responsibility. */
    RELAYED(true),
    /** Will not be delivered; says why. */
    FAILED(true),
    /** Too old; not tried any more. */
    EXPIRED(true),
    /** Cancelled by its sender or an administrator. */
    CANCELLED(true);

    private final boolean last;

    RecipientState(boolean last) {
        this.last = last;
    }

    /**
     * Tells whether nothing follows this state.
     *
     * @return true for DELIVERED, RELAYED, FAILED, EXPIRED and CANCELLED
     */
    public boolean isFinal() {
        return last;
    }

    /**
     * Tells whether the sender should hear of a failure.
     *
     * @return true for FAILED and EXPIRED
     */
    public boolean isFailure() {
        return this == FAILED || this == EXPIRED;
    }
}
