package io.spooler.testkit;

import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.CoupledStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A draft of the {@link MemoryStore}; its commit happens at once. */
final class MemoryDraft implements CoupledStore.Serving {

    /** What happens once all bytes are there. */
    interface Commit {
        SpoolId apply(MemoryDraft draft, MemoryContent content) throws SpoolException;
    }

    private final SpoolId id;
    private final Commit commit;
    private final MemoryContent.Buffer buffer = new MemoryContent.Buffer();
    private CoupledStore.@Nullable Served served;

    MemoryDraft(SpoolId id, Commit commit) {
        this.id = id;
        this.commit = commit;
    }

    void served(CoupledStore.Served result) {
        served = result;
    }

    @Override
    public Optional<CoupledStore.Served> served() {
        return Optional.ofNullable(served);
    }

    @Override
    public SpoolId id() {
        return id;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        buffer.write(source);
    }

    @Override
    public long size() {
        return buffer.size();
    }

    @Override
    public CompletionStage<SpoolId> commit() {
        if (!buffer.close()) {
            return CompletableFuture.failedFuture(new IllegalStateException("the draft is closed"));
        }
        try {
            return CompletableFuture.completedFuture(commit.apply(this, buffer.content()));
        } catch (SpoolException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void close() {
        buffer.close();
    }
}
