package io.spooler.hook;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Looks at a message that came in, after its data is complete and before it is filed (R18, R24). Register as a service
 * with the properties of {@link HookProperties}; hooks run in the order of their service ranking, highest first. One that
 * names transports sees only what these bring.
 */
@ConsumerType
public interface PostProcessor {

    /**
     * Looks at one message. Called on a worker thread of the core; may block within the time limit of the core.
     *
     * @param message the message, with the target that the hooks before chose
     * @return what to do with it
     * @throws Exception the message is filed in {@link io.spooler.Mailboxes#QUARANTINE} of the mailbox that it came for; so
     *     it is if the hooks take longer than their time
     */
    Verdict process(IncomingMessage message) throws Exception;
}
