package io.spooler;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A message on its way into the queue: stream the content, then {@link #commit()}; or {@link #close()} and it never
 * happened.
 */
@ConsumerType
public interface Draft extends ContentSink {

    /**
     * The id that the message will have.
     *
     * @return known from the start, so that it can be written into the content
     */
    SpoolId id();

    /**
     * Makes the message durable. Returns at once; the stage completes when content, envelope and commit record are on
     * stable storage (reliability 1.2), on a thread of the store that must not be blocked.
     *
     * @return completes with the id of the message — an earlier message's id if its idempotency key was the same — or
     *     exceptionally with a {@link SpoolException}: then nothing was accepted
     */
    CompletionStage<SpoolId> commit();
}
