package io.spooler.store.file.journal;

import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A record that somebody waits for on his own thread. */
public abstract class AwaitedAppend extends Append {

    private static final byte[] NOTHING = {};

    private final CompletableFuture<Boolean> stage = new CompletableFuture<>();

    /**
     * A record without a body.
     *
     * @param type as {@link Append}
     * @param durable as {@link Append}
     * @param head as {@link Append}
     * @param headSize as {@link Append}
     */
    protected AwaitedAppend(int type, boolean durable, byte[] head, int headSize) {
        this(type, durable, head, headSize, NOTHING, 0);
    }

    /**
     * A record.
     *
     * @param type as {@link Append}
     * @param durable as {@link Append}
     * @param head as {@link Append}
     * @param headSize as {@link Append}
     * @param body all of it
     * @param bodyCrc CRC32C of that
     */
    protected AwaitedAppend(int type, boolean durable, byte[] head, int headSize, byte[] body, int bodyCrc) {
        super(type, durable, head, headSize, body, body.length, bodyCrc);
    }

    /**
     * Waits until it is written, and durable if that is wanted. Blocks; not on a thread of the journal.
     *
     * @throws SpoolException STORE_STOPPED
     */
    public final void await() throws SpoolException {
        try {
            stage.join();
        } catch (CompletionException e) {
            throw new SpoolException(Reason.STORE_STOPPED, "the store has stopped", e);
        }
    }

    @Override
    protected final void done() {
        stage.complete(true);
    }

    @Override
    protected final void failed(SpoolException reason) {
        stage.completeExceptionally(reason);
    }
}
