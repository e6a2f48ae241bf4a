package io.spooler.core.report;

import io.spooler.RecipientStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say of one recipient.
 *
 * @param number its number
 * @param kind what happened
 * @param status its entry as it is about to be recorded
 * @param tried when a transport was asked last, or null if that is not known
 * @param server the remote system that was spoken with then, or null if that is not known
 * @param until how long it will be tried (DELAYED), or null
 */
record News(
        int number,
        Kind kind,
        RecipientStatus status,
        @Nullable Instant tried,
        @Nullable String server,
        @Nullable Instant until) {}
