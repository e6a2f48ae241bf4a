package io.spooler.access;

import io.spooler.Address;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says whether a recipient in one of our own domains exists, before a listener takes mail for it: what is refused while
 * the sender is still connected needs no report later. Register as a service. All that are present are asked: a recipient
 * exists if one of them knows it, and does not if one says so and all others that none of it is theirs. What nobody
 * speaks for is refused for the time being, as whoever knows may be away.
 */
@ConsumerType
public interface RecipientCheck {

    /** Whether there is such a recipient. */
    enum Verdict {
        /** Yes, or perhaps. */
        KNOWN,
        /** No, and nobody but me would know its domain: the sender is told so, for good. */
        UNKNOWN,
        /** It cannot be said now: the sender may try again. */
        LATER,
        /** Not known to me, but its domain is not mine: others may know it. */
        NOT_MINE
    }

    /**
     * Looks at one recipient. Called on network threads, which must not be kept: returns at once, and completes on any
     * thread, in time; the client waits meanwhile.
     *
     * @param recipient of type SMTP; untrusted
     * @return the verdict; an exception counts as {@link Verdict#LATER}
     */
    CompletionStage<Verdict> check(Address recipient);
}
