package io.spooler.core.client;

import io.spooler.Draft;
import io.spooler.SpoolId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A draft that tells the core once it is durable. One thread at a time. */
final class Submission implements Draft {

    private final Draft draft;
    private final Supplier<End> commits;

    /** Hears of the end of a commit. */
    @FunctionalInterface
    interface End {

        /**
         * It has ended.
         *
         * @param id of the message; null if it is not there
         */
        void on(@Nullable SpoolId id);
    }

    /**
     * Assigns.
     *
     * @param draft of a store
     * @param commits called in front of the commit; what it gives hears of the end, on a thread of the store
     */
    Submission(Draft draft, Supplier<End> commits) {
        this.draft = draft;
        this.commits = commits;
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
        End end = commits.get();
        return draft.commit().whenComplete((id, error) -> end.on(error == null ? id : null));
    }
}
