package io.spooler;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One recipient of the envelope: who, which reports are wanted (RFC 3461), and who is tried instead.
 *
 * @param address where to
 * @param notifyOn when a report is wanted (NOTIFY); empty means the default: on failure, and on delay
 * @param original the address as the sender gave it (ORCPT, {@code type;value}, decoded), or null
 * @param transport name of the only transport that may carry this recipient, or null for the ordinary route
 * @param alternatives who is tried if this address fails, or if its time has come, one after the other; at most 8
 */
public record Recipient(
        Address address,
        Set<Notify> notifyOn,
        @Nullable String original,
        @Nullable String transport,
        List<Alternative> alternatives) {

    private static final int MOST_ALTERNATIVES = 8;

    /**
     * Another address for the same person, perhaps of another type. It takes the place of the address before it once that has
     * failed for good, or once its own time has come, whichever is first. The expiry of the message ends all.
     *
     * @param address where to
     * @param after so long after the submission of the message, or the time before which it was not to go, at the latest; null
     *     for only if the address before it fails
     */
    public record Alternative(Address address, @Nullable Duration after) {

        /**
         * Checks.
         *
         * @throws IllegalArgumentException if the time is not longer than nothing
         */
        public Alternative {
            if (after != null && (after.isZero() || after.isNegative())) {
                throw new IllegalArgumentException("the time of an alternative must be longer than nothing");
            }
        }
    }

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
     * @throws IllegalArgumentException if NEVER stands beside another value, or there are too many alternatives
     */
    public Recipient {
        alternatives = List.copyOf(alternatives);
        if (alternatives.size() > MOST_ALTERNATIVES) {
            throw new IllegalArgumentException("a recipient has at most " + MOST_ALTERNATIVES + " alternatives");
        }
        notifyOn = Set.copyOf(notifyOn);
        if (notifyOn.contains(Notify.NEVER) && notifyOn.size() > 1) {
            throw new IllegalArgumentException("NOTIFY=NEVER excludes the other values");
        }
    }

    /**
     * A recipient without alternatives.
     *
     * @param address where to
     * @param notifyOn when a report is wanted
     * @param original the address as the sender gave it, or null
     * @param transport name of the only transport that may carry it, or null
     */
    public Recipient(Address address, Set<Notify> notifyOn, @Nullable String original, @Nullable String transport) {
        this(address, notifyOn, original, transport, List.of());
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
        return new Recipient(other, notifyOn, first, transport, alternatives);
    }

    /**
     * The same recipient with another explicit transport.
     *
     * @param name of the only transport that may carry it, or null for the ordinary route
     * @return a changed copy
     */
    public Recipient withTransport(@Nullable String name) {
        return new Recipient(address, notifyOn, original, name, alternatives);
    }

    /**
     * The same recipient with other alternatives.
     *
     * @param others who is tried instead, in order
     * @return a changed copy
     */
    public Recipient withAlternatives(List<Alternative> others) {
        return new Recipient(address, notifyOn, original, transport, others);
    }

    /**
     * The same recipient at its next alternative: on the ordinary route, with the first address as its original one.
     *
     * @return a changed copy
     * @throws IllegalStateException if there is none
     */
    public Recipient atAlternative() {
        if (alternatives.isEmpty()) {
            throw new IllegalStateException("no alternative is left");
        }
        String type = address.type().equals(Address.SMTP) ? "rfc822" : address.type();
        String first = original != null ? original : type + ";" + address.value();
        return new Recipient(
                alternatives.get(0).address(), notifyOn, first, null, alternatives.subList(1, alternatives.size()));
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
