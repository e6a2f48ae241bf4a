package io.spooler.core.client;

import io.spooler.MessageStatus;
import io.spooler.SpoolEvent;
import io.spooler.SpoolId;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Those who wait for a message to complete. Any thread. */
public final class Awaiting {

    private final Map<SpoolId, CompletableFuture<MessageStatus>> futures = new ConcurrentHashMap<>();

    /**
     * Tells whether somebody waits for what an event says. Whoever begins to wait now looks into the ledger afterwards, and
     * finds there what this has passed over.
     *
     * @param event what happened
     * @return false if nobody need be woken
     */
    public boolean wants(SpoolEvent event) {
        return event instanceof SpoolEvent.Completed && futures.containsKey(event.id());
    }

    /**
     * Hears of events; {@link SpoolEvent.Completed} ends the waiting.
     *
     * @param event what happened
     */
    public void onEvent(SpoolEvent event) {
        if (event instanceof SpoolEvent.Completed completed) {
            complete(completed.status());
        }
    }

    /**
     * A message is complete.
     *
     * @param status its last ledger
     */
    public void complete(MessageStatus status) {
        CompletableFuture<MessageStatus> future = futures.remove(status.id());
        if (future != null) {
            future.complete(status);
        }
    }

    /**
     * Waits for a message.
     *
     * @param id which
     * @return the same future for all who wait for it
     */
    public CompletableFuture<MessageStatus> on(SpoolId id) {
        return futures.computeIfAbsent(id, i -> new CompletableFuture<>());
    }

    /**
     * Ends the waiting for a message that does not exist.
     *
     * @param id which
     * @param error why
     */
    public void fail(SpoolId id, Exception error) {
        CompletableFuture<MessageStatus> future = futures.remove(id);
        if (future != null) {
            future.completeExceptionally(error);
        }
    }
}
