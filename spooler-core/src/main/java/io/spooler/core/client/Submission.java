package io.spooler.core.client;

import io.spooler.Draft;
import io.spooler.SpoolId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A draft that tells the core once it is durable. One thread at a time. */
final class Submission implements Draft {

    private final Draft draft;
    private final Consumer<SpoolId> durable;

    /**
     * Assigns.
     *
     * @param draft of a store
     * @param durable hears of the commit behind it, on a thread of the store
     */
    Submission(Draft draft, Consumer<SpoolId> durable) {
        this.draft = draft;
        this.durable = durable;
    }

    @Override
    public SpoolId id() {
        return draft.id();
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        draft.write(source);
    }

    @Override
    public long size() {
        return draft.size();
    }

    @Override
    public void close() {
        draft.close();
    }

    @Override
    public CompletionStage<SpoolId> commit() {
        return draft.commit().thenApply(id -> {
            durable.accept(id);
            return id;
        });
    }
}
