package io.spooler.transport;

import io.spooler.Reply;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a transport says of one recipient. Expected failures are outcomes, not exceptions. */
public sealed interface Outcome {

    /**
     * Arrived in the recipient's own system.
     *
     * @param reply what that system said
     */
    record Delivered(Reply reply) implements Outcome {}

    /**
     * Handed to a system that took the responsibility (RFC 5321 section 6.1).
     *
     * @param reply what that system said
     * @param reporting true if it also took over the recipient's wishes for reports (RFC 3461 section 5.2.1), so that the
     *     spooler makes none
     */
    record Relayed(Reply reply, boolean reporting) implements Outcome {

        /**
         * Handed to a system that makes no report of success.
         *
         * @param reply what that system said
         */
        public Relayed(Reply reply) {
            this(reply, false);
        }
    }

    /**
     * Not now (R40). A transport that will know by itself when it can go on names a long time, and calls
     * {@link Inlet#ready} when it can (R42).
     *
     * @param scope what the obstacle belongs to
     * @param retryAfter not earlier than after this time, within the bounds of the core; zero for as soon as these allow;
     *     null to leave it to the retry policy
     * @param reply why
     */
    record Deferred(Scope scope, @Nullable Duration retryAfter, Reply reply) implements Outcome {

        /**
         * A deferral of this recipient alone.
         *
         * @param reply why
         * @return the outcome
         */
        public static Deferred recipient(Reply reply) {
            return new Deferred(Scope.RECIPIENT, null, reply);
        }

        /**
         * The whole lane is out of reach.
         *
         * @param reply why
         * @return the outcome
         */
        public static Deferred lane(Reply reply) {
            return new Deferred(Scope.LANE, null, reply);
        }
    }

    /**
     * Never (R29 of the contract: conclusive failure).
     *
     * @param reply why
     */
    record Failed(Reply reply) implements Outcome {}

    /** This transport does not carry the recipient after all; the next one of the route is asked (R32). */
    record NotMine() implements Outcome {}

    /** How far an obstacle reaches: what is beyond it need not be tried before it is gone. */
    enum Scope {
        /** This recipient. */
        RECIPIENT,
        /** This message, all recipients. */
        MESSAGE,
        /** Everything in this lane. */
        LANE,
        /** Everything that this transport carries. */
        TRANSPORT
    }
}
