package io.spooler.store.file.journal;

import io.spooler.SpoolException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A record that says nothing; once it is durable, so is everything before it. */
public final class Barrier extends Append {

    /** Its type. */
    public static final int TYPE = 30;

    private final CompletableFuture<Boolean> stage = new CompletableFuture<>();

    Barrier() {
        super(TYPE, true, new byte[0], 0);
    }

    void await() throws IOException {
        try {
            stage.join();
        } catch (CompletionException e) {
            throw new IOException("the store has stopped", e);
        }
    }

    @Override
    protected void done() {
        stage.complete(true);
    }

    @Override
    protected void failed(SpoolException reason) {
        stage.completeExceptionally(reason);
    }
}
