package io.spooler.store.file.queue;

import io.spooler.Draft;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.store.file.content.ContentWriter;
import io.spooler.store.file.content.Forcer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A draft of any kind: its content is made durable first, then its record appended. One thread at a time. */
abstract class FileDraft implements Draft {

    private final SpoolId id;
    private final ContentWriter writer;
    private final Forcer forcer;
    private final CompletableFuture<SpoolId> stage = new CompletableFuture<>();

    FileDraft(SpoolId id, ContentWriter writer, Forcer forcer) {
        this.id = id;
        this.writer = writer;
        this.forcer = forcer;
    }

    /** The content is durable if it has a file; the stage completes behind the record. */
    abstract void append(ContentWriter content, CompletableFuture<SpoolId> stage) throws SpoolException;

    @Override
    public SpoolId id() {
        return id;
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
        writer.write(source);
    }

    @Override
    public long size() {
        return writer.size();
    }

    @Override
    public CompletionStage<SpoolId> commit() {
        if (!writer.end()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("the draft " + id + " is committed or closed already"));
        }
        SpoolException refusal = writer.refusal();
        if (refusal != null) {
            return CompletableFuture.failedFuture(refusal);
        }
        forcer.force(writer, () -> append(writer, stage), stage);
        return stage;
    }

    /** Says whether the commit has succeeded. */
    boolean isCommitted() {
        return stage.isDone() && !stage.isCompletedExceptionally();
    }

    @Override
    public void close() {
        if (writer.end()) {
            writer.discard();
        }
    }
}
