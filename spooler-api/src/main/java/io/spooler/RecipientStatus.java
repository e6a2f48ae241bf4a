package io.spooler;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The ledger entry of one recipient.
 *
 * @param recipient who
 * @param state where the recipient stands
 * @param attempts how often a transport was asked to carry it
 * @param due when the state ends by itself: next attempt (READY, DEFERRED) or deadline (WAITING); null if it does not
 * @param changed when the state was entered
 * @param transport name of the transport that was asked last, or null
 * @param reply what was said last, or null
 */
public record RecipientStatus(
        Recipient recipient,
        RecipientState state,
        int attempts,
        @Nullable Instant due,
        Instant changed,
        @Nullable String transport,
        @Nullable Reply reply) {}
