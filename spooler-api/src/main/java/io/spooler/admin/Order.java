package io.spooler.admin;

import io.spooler.SpoolId;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator wants done, and to whom.
 *
 * @param action what
 * @param filter to whom
 * @param transport for {@link Action#REROUTE}: name of the only transport that may carry them from now on, or null for the
 *     ordinary route; else null
 * @param by who gives the order, for the audit: at most 100 characters
 */
public record Order(Action action, Filter filter, @Nullable String transport, String by) {

    private static final int MOST_BY = 100;
    private static final int MOST_NAME = 255;

    /** What can be done. Final recipients, and those that a transport works on, are left alone by all of them. */
    public enum Action {
        /** No attempt until released. */
        HOLD,
        /** Ends a hold. */
        RELEASE,
        /** Deferred and waiting ones are due now. */
        RETRY,
        /** Cancelled; nobody is told. */
        CANCEL,
        /** As if too old: the sender is told, as far as it wanted to be (R47, R60). */
        EXPIRE,
        /** Gives another explicit transport, or the ordinary route; due now, but what is held stays held. */
        REROUTE
    }

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if a transport is named for anything but REROUTE, or a name is empty, too long or
     *     holds control characters
     */
    public Order {
        if (transport != null && action != Action.REROUTE) {
            throw new IllegalArgumentException("only REROUTE takes a transport");
        }
        if (transport != null && !isName(transport, MOST_NAME)) {
            throw new IllegalArgumentException("the name of a transport has 1 to 255 characters, none for control");
        }
        if (!isName(by, MOST_BY)) {
            throw new IllegalArgumentException("who gives an order has 1 to 100 characters, none for control");
        }
    }

    private static boolean isName(String text, int most) {
        return !text.isBlank() && text.length() <= most && text.chars().noneMatch(Character::isISOControl);
    }

    /**
     * Anything but rerouting.
     *
     * @param action what
     * @param filter to whom
     * @param by who gives the order
     * @return the order
     */
    public static Order of(Action action, Filter filter, String by) {
        return new Order(action, filter, null, by);
    }

    /** For people: the action, where to, the filter. */
    @Override
    public String toString() {
        String where =
                action != Action.REROUTE ? "" : transport == null ? " to the ordinary route" : " to " + transport;
        return action + where + ": " + filter;
    }

    /**
     * What was done, or would be.
     *
     * @param id names the order in the audit and for {@link SpoolAdmin#undo}; a new one each time
     * @param messages messages of which a recipient was meant: changed, or left alone as {@code inWork} says
     * @param recipients recipients that were changed
     * @param inWork recipients that were meant, but left alone because a transport or a hook works on them
     * @param changedSince recipients that an order taken back had changed, but that are not any more as it left them
     * @param undoable true if {@link SpoolAdmin#undo} takes it back
     */
    public record Result(
            SpoolId id, long messages, long recipients, long inWork, long changedSince, boolean undoable) {}
}
