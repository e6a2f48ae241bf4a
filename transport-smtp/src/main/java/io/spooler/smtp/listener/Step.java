package io.spooler.smtp.listener;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a session has to do about a command: mostly, to say an {@link Answer}. */
sealed interface Step permits Answer, Step.Chunk, Step.Later, Step.NoContent {

    /**
     * BDAT: so many octets follow, in any case (RFC 3030).
     *
     * @param size octets, not negative
     * @param last true if they end the message
     * @param refusal the answer behind them if they are to be dropped, else null
     */
    record Chunk(long size, boolean last, @Nullable Answer refusal) implements Step {}

    /**
     * Somebody else has to be asked; input waits meanwhile.
     *
     * @param answer completes on any thread; {@link Conversation#resume} says what it means
     */
    record Later(CompletionStage<Answer> answer) implements Step {}

    /**
     * DATA is refused. Content may be on its way all the same, from a client that does not wait for its turn.
     *
     * @param refusal the answer
     */
    record NoContent(Answer refusal) implements Step {}

    /** An answer, or to wait for it. */
    static Step of(CompletableFuture<Answer> answer) {
        return answer.isDone() ? answer.join() : new Later(answer);
    }
}
