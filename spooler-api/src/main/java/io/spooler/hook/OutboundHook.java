package io.spooler.hook;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Looks at a message when all transports are done with it and the preprocessors have taken back what they did, before the
 * sender's copy is filed (R24). Register as a service with {@link HookProperties#NAME}; hooks run in the order of their
 * service ranking, highest first. What was cancelled or discarded before anything was sent comes to no hook.
 */
@ConsumerType
public interface OutboundHook {

    /**
     * Looks at one message, once; after a crash, perhaps once more. Called on a worker thread of the core, several
     * messages at once perhaps; may block within the time limit that the core has for all hooks of one message.
     *
     * @param message the message, with the target that the hooks before chose
     * @return what is to be done with the sender's copy
     * @throws Exception it is passed over: what the other hooks and the sender wanted holds
     */
    Verdict process(SentMessage message) throws Exception;
}
