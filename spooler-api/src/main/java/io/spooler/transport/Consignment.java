package io.spooler.transport;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Envelope;
import io.spooler.Recipient;
import io.spooler.SpoolId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** One message on its way to the open recipients of one lane (R31). Any thread. */
@ProviderType
public interface Consignment {

    /**
     * The message.
     *
     * @return its id
     */
    SpoolId id();

    /**
     * The reverse path.
     *
     * @return the sender, or null for the null reverse path
     */
    @Nullable
    Address sender();

    /**
     * What the sender asked for.
     *
     * @return options of the envelope
     */
    Envelope.Options options();

    /**
     * Whom to serve now.
     *
     * @return the open recipients of this lane, at least one
     */
    List<Recipient> recipients();

    /**
     * Everybody whom the message goes to, by whatever transport and lane (R31): for display to an operator, and for nothing
     * else. Not to be transmitted nor written into the content, since blind copies are among them.
     *
     * @return all recipients of the message, those of {@link #recipients()} among them
     */
    default List<Recipient> everybody() {
        return recipients();
    }

    /**
     * The bytes to carry. Readable until the outcome was given.
     *
     * @return the content, as the preprocessors left it
     */
    Content content();

    /**
     * Whether an earlier attempt may have succeeded without our knowing.
     *
     * @return true if the process ended during an earlier attempt, or its answer was lost
     */
    boolean mayBeDuplicate();

    /**
     * Whether an earlier attempt at one of these recipients did not succeed (R42).
     *
     * @return true if it was deferred before
     */
    default boolean wasDeferred() {
        return false;
    }

    /**
     * When an answer is due at the latest.
     *
     * @return by the clock of the spooler
     */
    Instant deadline();

    /**
     * Tells which remote system the transport speaks with, so that reports can name it (RFC 3464 section 2.3.5). A
     * transport that knows calls it before it answers; the last call holds.
     *
     * @param host a host name, or an address literal without brackets; untrusted text is made harmless
     */
    void servedBy(String host);

    /**
     * Whether the spooler wants the work to stop (R44). Before the point of no return: answer {@link Outcome.NotMine}
     * or a deferral at once; behind it: finish.
     *
     * @return true once cancelled
     */
    boolean isCancelled();

    /**
     * Asks for a call when the consignment is cancelled.
     *
     * @param action run once, on the cancelling thread; at once if it is cancelled already
     */
    void onCancel(Runnable action);
}
