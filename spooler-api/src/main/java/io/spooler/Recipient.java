package io.spooler;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One recipient of the envelope: who, and which reports are wanted (RFC 3461).
 *
 * @param address where to
 * @param notifyOn when a report is wanted (NOTIFY); empty means the default: on failure, and on delay
 * @param original the address as the sender gave it (ORCPT, {@code type;value}, decoded), or null
 * @param transport name of the only transport that may carry this recipient, or null for the ordinary route
 */
public record Recipient(
        Address address,
        Set<Notify> notifyOn,
        @Nullable String original,
        @Nullable String transport) {

    /** When the sender wants a report (RFC 3461 section 4.1). */
    public enum Notify {
        /** No report whatever happens; excludes the others. */
        NEVER,
        /** When the message was delivered. */
        SUCCESS,
        /** When it could not be delivered. */
        FAILURE,
        /** When it is late. */
        DELAY
    }

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if NEVER stands beside another value
     */
    public Recipient {
        notifyOn = Set.copyOf(notifyOn);
        if (notifyOn.contains(Notify.NEVER) && notifyOn.size() > 1) {
            throw new IllegalArgumentException("NOTIFY=NEVER excludes the other values");
        }
    }

    /**
     * A recipient with default options.
     *
     * @param address where to
     * @return the recipient
     */
    public static Recipient of(Address address) {
        return new Recipient(address, Set.of(), null, null);
    }

    /**
     * The same wishes for another address, as after alias expansion.
     *
     * @param other the new address
     * @return a recipient whose original address is kept
     */
    public Recipient withAddress(Address other) {
        String first = original != null ? original : "rfc822;" + address.value();
        return new Recipient(other, notifyOn, first, transport);
    }

    /**
     * The same recipient with another explicit transport.
     *
     * @param name of the only transport that may carry it, or null for the ordinary route
     * @return a changed copy
     */
    public Recipient withTransport(@Nullable String name) {
        return new Recipient(address, notifyOn, original, name);
    }

    /**
     * Tells whether a report is wanted.
     *
     * @param when on which occasion: SUCCESS, FAILURE or DELAY
     * @return true if it was asked for, or if nothing was asked for and it belongs to the default
     */
    public boolean wants(Notify when) {
        return notifyOn.isEmpty() ? when == Notify.FAILURE || when == Notify.DELAY : notifyOn.contains(when);
    }
}
