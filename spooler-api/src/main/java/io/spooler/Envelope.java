package io.spooler;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is needed to carry a message, without its content.
 *
 * @param sender the reverse path, where reports go unless the options say otherwise; null is the null reverse path
 *     {@code <>}
 * @param recipients whom to serve; may be empty here, but no store accepts it so (R6)
 * @param options what else the sender asked for
 */
public record Envelope(@Nullable Address sender, List<Recipient> recipients, Options options) {

    /** Copies the list. */
    public Envelope {
        recipients = List.copyOf(recipients);
    }

    /**
     * An envelope with default options.
     *
     * @param sender the reverse path, or null
     * @param recipients whom to serve
     * @return the envelope
     */
    public static Envelope of(@Nullable Address sender, List<Address> recipients) {
        return new Envelope(sender, recipients.stream().map(Recipient::of).toList(), Options.DEFAULT);
    }

    /**
     * The same envelope with other options.
     *
     * @param other the new options
     * @return a changed copy
     */
    public Envelope with(Options other) {
        return new Envelope(sender, recipients, other);
    }

    /** How much of the message a failure report shall return (RFC 3461 section 4.3). */
    public enum Return {
        /** The whole message, within the limit of the reporting system. */
        FULL,
        /** The header only. */
        HEADERS
    }

    /** How urgent a message is: which of several that stand in one line goes first (MAPI, RFC 6710). */
    public enum Priority {
        /** Before others. */
        URGENT,
        /** As usual. */
        NORMAL,
        /** Behind others; but its turn comes. */
        NON_URGENT
    }

    /**
     * What the sender asked for, message by message.
     *
     * @param notBefore no attempt before this time, or null for at once (R46)
     * @param expires undelivered recipients expire at this time, or null for the configured age (R47)
     * @param idempotencyKey two submissions with the same key are one message, or null; at most 255 characters
     * @param ret how much a failure report returns, or null for the default
     * @param envid the sender's own identifier, decoded, for reports (RFC 3461 section 4.4), or null
     * @param smtpUtf8 true if the message needs SMTPUTF8 (RFC 6531)
     * @param priority how urgent it is; concerns this system alone, and never starves anybody
     * @param sent what becomes of the sender's copy, or null: none is kept (R48)
     * @param reportTo who gets the reports, or null for the sender (R61)
     */
    public record Options(
            @Nullable Instant notBefore,
            @Nullable Instant expires,
            @Nullable String idempotencyKey,
            @Nullable Return ret,
            @Nullable String envid,
            boolean smtpUtf8,
            Priority priority,
            @Nullable SentCopy sent,
            @Nullable Address reportTo) {

        /** Nothing asked for. */
        public static final Options DEFAULT = new Options(null, null, null, null, null, false);

        private static final int MAX_KEY = 255;

        /**
         * Checks lengths.
         *
         * @throws IllegalArgumentException if the key is empty or too long
         */
        public Options {
            if (idempotencyKey != null && (idempotencyKey.isEmpty() || idempotencyKey.length() > MAX_KEY)) {
                throw new IllegalArgumentException("idempotency key must have 1 to 255 characters");
            }
        }

        /**
         * Options of a message that is as urgent as usual, of which no copy is kept, and whose sender gets the reports.
         *
         * @param notBefore no attempt before this time, or null
         * @param expires undelivered recipients expire at this time, or null
         * @param idempotencyKey two submissions with the same key are one message, or null
         * @param ret how much a failure report returns, or null
         * @param envid the sender's own identifier, or null
         * @param smtpUtf8 true if the message needs SMTPUTF8
         */
        public Options(
                @Nullable Instant notBefore,
                @Nullable Instant expires,
                @Nullable String idempotencyKey,
                @Nullable Return ret,
                @Nullable String envid,
                boolean smtpUtf8) {
            this(notBefore, expires, idempotencyKey, ret, envid, smtpUtf8, Priority.NORMAL, null, null);
        }

        /**
         * These options with an idempotency key.
         *
         * @param key the key
         * @return a changed copy
         */
        public Options withIdempotencyKey(String key) {
            return new Options(notBefore, expires, key, ret, envid, smtpUtf8, priority, sent, reportTo);
        }

        /**
         * These options with a first time of delivery.
         *
         * @param time no attempt before
         * @return a changed copy
         */
        public Options withNotBefore(Instant time) {
            return new Options(time, expires, idempotencyKey, ret, envid, smtpUtf8, priority, sent, reportTo);
        }

        /**
         * These options with an expiry.
         *
         * @param time undelivered recipients expire then
         * @return a changed copy
         */
        public Options withExpires(Instant time) {
            return new Options(notBefore, time, idempotencyKey, ret, envid, smtpUtf8, priority, sent, reportTo);
        }

        /**
         * These options with a priority.
         *
         * @param value how urgent
         * @return a changed copy
         */
        public Options withPriority(Priority value) {
            return new Options(notBefore, expires, idempotencyKey, ret, envid, smtpUtf8, value, sent, reportTo);
        }

        /**
         * These options with a copy for the sender.
         *
         * @param copy what becomes of it
         * @return a changed copy
         */
        public Options withSent(SentCopy copy) {
            return new Options(notBefore, expires, idempotencyKey, ret, envid, smtpUtf8, priority, copy, reportTo);
        }

        /**
         * These options with somebody else who gets the reports.
         *
         * @param address who
         * @return a changed copy
         */
        public Options withReportTo(Address address) {
            return new Options(notBefore, expires, idempotencyKey, ret, envid, smtpUtf8, priority, sent, address);
        }
    }
}
