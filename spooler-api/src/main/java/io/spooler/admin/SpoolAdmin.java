package io.spooler.admin;

import io.spooler.MessageStatus;
import io.spooler.Recipient;
import io.spooler.SpoolId;
import io.spooler.transport.TraceEntry;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What an administrator asks, and what he does to the queue; what he does to the running spooler stands in
 * {@link SpoolControl}. Any thread. Nothing of the queue is held in the heap but a page at a time, and mail
 * goes on meanwhile: {@link #query}, {@link #preview} and orders take as long as the queue is long.
 */
@ProviderType
public interface SpoolAdmin {

    /**
     * Browses the queue, all stores, in order of submission. Recipients that a transport is working on are shown as
     * OFFERED.
     *
     * @param filter messages of which at least one recipient is selected
     * @param after only messages with a larger id, or null for the beginning
     * @param limit at most so many
     * @return ledgers
     */
    List<MessageStatus> query(Filter filter, @Nullable SpoolId after, int limit);

    /**
     * Why a message is where it is: for each recipient what was tried, what was said, what it waits for, when next, and
     * when it is given up.
     *
     * @param id the message
     * @return one explanation per recipient, or empty if the id is unknown
     */
    Optional<List<Explanation>> why(SpoolId id);

    /**
     * The route of a recipient, as it would be taken now; nothing is sent.
     *
     * @param recipient any address, perhaps with an explicit transport
     * @param size octets of the message, or 0
     * @return the transports in the order in which they would be asked, then those that would not be, and why
     */
    List<Hop> route(Recipient recipient, long size);

    /**
     * What an order would do now. Changes nothing.
     *
     * @param order what, and to whom
     * @return the counts
     */
    Order.Result preview(Order order);

    /**
     * Carries an order out, message by message, each on stable storage as far as {@link io.spooler.store.MessageStore}
     * promises. Who becomes selected meanwhile may be missed; who is no more is left alone. Announced as
     * {@link io.spooler.SpoolEvent.Administered} and in the log.
     *
     * @param order what, and to whom
     * @return what was done
     */
    Order.Result change(Order order);

    /**
     * Takes an order back: releases exactly what a HOLD held, holds what a RELEASE released, gives back the explicit
     * transports that a REROUTE took. Recipients that a transport has tried since, that preprocessors have replaced, that
     * another order has changed, or that are final, are left alone and counted; that the core has looked at one again and
     * lets it wait is no change. RETRY, CANCEL and EXPIRE cannot be taken back, nor can an undo. The last 100 orders are
     * remembered, with a million recipients at most in all, until the core ends; an order with more cannot be taken back,
     * and says so.
     *
     * @param order id of its result
     * @param by who takes it back, for the audit
     * @return what was done
     * @throws IllegalArgumentException if the order is not known, or was taken back before
     */
    Order.Result undo(SpoolId order, String by);

    /**
     * Watches what a transport, or one of its lanes, says and hears, from now on.
     *
     * @param what a transport that is present, or a lane of it
     * @param watcher takes the lines, on threads of the transport; it must not block, nor throw
     * @return ends the trace; empty if the transport is not present or cannot be watched
     */
    default Optional<Runnable> trace(Target what, Consumer<TraceEntry> watcher) {
        return Optional.empty();
    }

    /**
     * How the whole is.
     *
     * @return a snapshot
     */
    SpoolStatus status();

    /**
     * One transport, seen from a recipient.
     *
     * @param transport its name
     * @param asked true if it is on the route
     * @param why the rule that puts it there: {@code explicit}, {@code pattern P}, {@code type T} or {@code any type}; or
     *     what keeps it off
     * @param lane the destination in that transport, empty if it is not asked
     * @param note what is to be known besides, as that the destination rests; perhaps empty
     */
    record Hop(String transport, boolean asked, String why, String lane, String note) {}

    /**
     * A transport, one of its lanes, or what it brings in.
     *
     * @param transport name of the transport
     * @param lane name of the lane, as {@link Hop} shows it; null for all of them
     * @param inbound true for what it brings in and not for what it carries out (R51); then without a lane
     */
    record Target(String transport, @Nullable String lane, boolean inbound) {

        private static final int MOST = 255;

        /**
         * Checks.
         *
         * @throws IllegalArgumentException if the transport is empty, or a name is longer than 255 characters or holds
         *     control characters
         */
        public Target {
            if (transport.isBlank() || !isName(transport) || (lane != null && !isName(lane))) {
                throw new IllegalArgumentException(
                        "the names of transports and lanes have at most 255 characters, none for control");
            }
            if (inbound && lane != null) {
                throw new IllegalArgumentException("what a transport brings in has no lanes");
            }
        }

        /**
         * What goes out.
         *
         * @param transport name of the transport
         * @param lane name of the lane, or null
         */
        public Target(String transport, @Nullable String lane) {
            this(transport, lane, false);
        }

        /**
         * What comes in.
         *
         * @param transport name of the transport
         * @return the target
         */
        public static Target inbound(String transport) {
            return new Target(transport, null, true);
        }

        private static boolean isName(String text) {
            return text.length() <= MOST && text.chars().noneMatch(Character::isISOControl);
        }

        /** {@code transport}, {@code transport/lane}, or {@code transport (inbound)}. */
        @Override
        public String toString() {
            if (inbound) {
                return transport + " (inbound)";
            }
            return lane == null ? transport : transport + "/" + lane;
        }
    }

    /**
     * Why one recipient is where it is.
     *
     * @param recipient whom, as text
     * @param text one or more sentences
     */
    record Explanation(String recipient, String text) {}
}
