package io.spooler.store.file.content;

import io.spooler.SpoolId;
import org.jspecify.annotations.Nullable;

/** Told by the records of a journal, in order, which message needs which content. One thread. */
public interface ContentUse {

    /**
     * A message in the queue; what was said of it before does not count any more.
     *
     * @param id the message
     * @param accepted its accepted content
     * @param revised a newer content, or null
     */
    void queued(SpoolId id, ContentRef accepted, @Nullable ContentRef revised);

    /**
     * Another state of a message in the queue, if it is known.
     *
     * @param id the message
     * @param revised a newer content than the accepted one, or null
     */
    void revised(SpoolId id, @Nullable ContentRef revised);

    /**
     * A message that has left the queue and needs no content.
     *
     * @param id the message
     */
    void finished(SpoolId id);

    /**
     * A message in a mailbox; what was said of it before does not count any more.
     *
     * @param id the message
     * @param content its content
     */
    void filed(SpoolId id, ContentRef content);

    /**
     * Another entry of a message in a mailbox, if it is known.
     *
     * @param id the message
     * @param content where the entry says that its content is
     */
    void refiled(SpoolId id, ContentRef content);

    /**
     * A message that has left its mailbox, or was put into the quarantine.
     *
     * @param id the message
     */
    void removed(SpoolId id);
}
