package io.spooler;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something happened in the spooler (R11, R55). Immutable. */
public sealed interface SpoolEvent {

    /**
     * The message; of an order of an administrator, the order; of a new status, the change.
     *
     * @return its id
     */
    SpoolId id();

    /**
     * When.
     *
     * @return by the clock of the spooler
     */
    Instant time();

    /**
     * A message is durable and in the queue.
     *
     * @param id the message
     * @param time when
     */
    record Queued(SpoolId id, Instant time) implements SpoolEvent {}

    /**
     * A recipient entered a state.
     *
     * @param id the message
     * @param time when
     * @param recipient the ledger entry as it is now
     */
    record Changed(SpoolId id, Instant time, RecipientStatus recipient) implements SpoolEvent {}

    /**
     * A recipient waits for longer than the time after which senders are told ({@code delay_notice}): once per recipient,
     * whether or not its sender wanted a report. The final states come as {@link Changed}.
     *
     * @param id the message
     * @param time when
     * @param recipient the ledger entry as it is now
     */
    record Delayed(SpoolId id, Instant time, RecipientStatus recipient) implements SpoolEvent {}

    /**
     * Every recipient is final and the message has left the queue.
     *
     * @param id the message
     * @param time when
     * @param status the last ledger
     */
    record Completed(SpoolId id, Instant time, MessageStatus status) implements SpoolEvent {}

    /**
     * A report that came in says what has become of a recipient of a message that was handed on. Its state stays; anybody can send a
     * report.
     *
     * @param id the message, not the report
     * @param time when
     * @param recipient the ledger entry as it is now: its reply is what the report says
     */
    record Reported(SpoolId id, Instant time, RecipientStatus recipient) implements SpoolEvent {}

    /**
     * A message was filed in a mailbox: exactly one event per message, after filing, in the order of the sequence within
     * each mailbox (R55).
     *
     * @param id the filed message
     * @param time when
     * @param entry where it is
     */
    record Arrived(SpoolId id, Instant time, Mailboxes.Entry entry) implements SpoolEvent {}

    /**
     * A listener was too slow, and events were not told to it. What follows happened after them; of arrivals it can catch up
     * with {@link Mailboxes#since}.
     *
     * @param id what the first of them was about
     * @param time when that was
     * @param events how many were not told
     */
    record Missed(SpoolId id, Instant time, long events) implements SpoolEvent {}

    /**
     * An administrator's order was carried out: exactly one event per order, behind those of the recipients.
     *
     * @param id the order
     * @param time when it was done
     * @param by who gave it
     * @param order what was done, and to whom
     * @param messages messages of which a recipient was meant, and changed unless something worked on it
     * @param recipients recipients that were changed
     * @param undoable true if the order can be taken back
     */
    record Administered(
            SpoolId id, Instant time, String by, String order, long messages, long recipients, boolean undoable)
            implements SpoolEvent {}

    /**
     * A transport, or the spooler itself, has another status (R65): it came, works again, failed, left, or says something
     * else of itself. Of changes within a second only the last is told.
     *
     * @param id names the change
     * @param time when it was seen
     * @param transport name of the transport; null for the spooler itself
     * @param condition {@code AVAILABLE}, {@code OFFLINE} or {@code FAILED}
     * @param text one line for people, harmless
     */
    record Status(SpoolId id, Instant time, @Nullable String transport, String condition, String text)
            implements SpoolEvent {}
}
