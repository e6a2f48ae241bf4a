package io.spooler.hook;

import io.spooler.SpoolId;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Looks at a message before any transport does, and may change what is sent (R18). Register as a service with the
 * properties of {@link HookProperties}; it also says in which order they run.
 */
@ConsumerType
public interface PreProcessor {

    /**
     * Looks at one message, once; after a crash, perhaps once more. Called on a worker thread of the core, one message
     * at a time or several at once; may block within the time limit of the core. Must not submit or cancel the message.
     *
     * @param message the message as the hooks before left it
     * @return what to do
     * @throws Exception the message stays in the queue and is tried again later (R23)
     */
    Decision process(OutgoingMessage message) throws Exception;

    /**
     * Takes back side effects, after the last recipient became final; in reverse order, only if this hook ran (R20).
     *
     * @param message the message
     */
    default void undo(SpoolId message) {}
}
