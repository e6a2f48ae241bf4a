package io.spooler.smtp.listener;

import io.netty.buffer.ByteBuf;
import io.spooler.Draft;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.Spooler;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of one session on their way to the spooler, one at a time: begun, fed behind DATA or by chunks, committed.
 * One thread; blocks as {@link Intake} does.
 */
final class Reception {

    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    private final ListenerSettings settings;
    private final Services services;
    private final InetAddress client;
    private @Nullable Intake intake;
    private Step.@Nullable Chunk chunk;
    private @Nullable Answer chunkRefusal;
    private long chunkLeft;
    private @Nullable Transaction begun;

    Reception(ListenerSettings settings, Services services, InetAddress client) {
        this.settings = settings;
        this.services = services;
        this.client = client;
    }

    boolean isOpen() {
        return intake != null;
    }

    /** Octets of the present message that have come; for the minimum rate. */
    long received() {
        return intake == null ? 0 : intake.received();
    }

    // ---- behind DATA

    /** Begins a message whose content ends with a lone dot. */
    void begin(Conversation conversation) throws Refused, SpoolException {
        chunk = null;
        intake = intake(conversation, true);
    }

    /** Takes content; true if its end has come. */
    boolean feed(ByteBuf in) {
        return intake != null && intake.feed(in);
    }

    private Intake intake(Conversation conversation, boolean stuffed) throws Refused, SpoolException {
        Transaction transaction = conversation.transaction();
        Spooler present = services.spooler().get();
        if (present == null || transaction == null) {
            throw new Refused(Answer.NO_SPOOLER);
        }
        begun = transaction;
        Draft draft = present.begin(transaction.envelope());
        String protocol = conversation.protocol(transaction.isUtf8());
        byte[] trace = TraceHeader.received(
                conversation.helo(),
                client,
                settings.hostname(),
                protocol,
                draft.id(),
                services.clock().instant());
        return new Intake(draft, trace, new DataScanner(settings.limits(), stuffed));
    }

    // ---- chunks

    /** A chunk follows; the first one that may be kept begins the message. */
    void beginChunk(Step.Chunk next, Conversation conversation) {
        Transaction open = conversation.transaction();
        begun = open == null ? begun : open;
        chunk = next;
        chunkLeft = next.size();
        chunkRefusal = next.refusal();
        if (chunkRefusal == null && intake == null) {
            try {
                intake = intake(conversation, false);
            } catch (Refused | SpoolException | RuntimeException e) {
                chunkRefusal = refusal(e);
            }
        }
    }

    /** Takes octets of the chunk, or drops them; true if its end has come. */
    boolean feedChunk(ByteBuf in) {
        int length = (int) Math.min(chunkLeft, in.readableBytes());
        if (intake == null || chunkRefusal != null) {
            in.skipBytes(length);
        } else {
            intake.feedChunk(in, length);
        }
        chunkLeft -= length;
        return chunkLeft == 0;
    }

    /**
     * What the chunk, now at its end, is answered with.
     *
     * @return null if it was the last one of a message, which can be committed
     */
    @Nullable
    Answer chunkEnded() {
        Step.Chunk ended = chunk;
        if (ended == null || intake == null || chunkRefusal != null) {
            return chunkRefusal == null ? Answer.BAD_SEQUENCE : chunkRefusal;
        }
        if (ended.last()) {
            intake.end();
            return null;
        }
        Answer fault = intake.fault();
        return fault == null ? Answer.of(250, "2.0.0", ended.size() + " octets taken") : fault;
    }

    // ---- end

    /**
     * Commits, after the end has come.
     *
     * @return as {@link Intake#commit()}
     */
    CompletionStage<SpoolId> commit() {
        Intake ended = intake;
        intake = null;
        return ended == null ? CompletableFuture.failedFuture(new IllegalStateException("no message")) : ended.commit();
    }

    /**
     * What is said to the end of a message, or to a chunk in front of it. By LMTP the end has something for each recipient
     * (RFC 2033 sections 4.2 and 4.3), once; whoever sends chunks without waiting counts on that though one was refused.
     */
    List<Answer> replies(Answer answer) {
        Transaction ended = begun;
        boolean goesOn = chunk != null && !chunk.last();
        if (ended == null || goesOn || !settings.lmtp() || answer.closes()) {
            return List.of(answer);
        }
        begun = null;
        return ended.answers(answer);
    }

    /** The answer to a message that was not accepted, which goes into the log. */
    Answer refusal(Throwable cause) {
        Answer answer = Intake.answer(cause);
        if (answer.equals(Answer.LOCAL_ERROR)) {
            LOG.warn("{}: message not accepted, the client is asked to try again: {}", client, cause.toString());
        } else {
            LOG.debug("{}: message refused: {}", client, answer.lines());
        }
        return answer;
    }

    /** Gives up what is not committed, and forgets who was to get it. */
    void close() {
        giveUp();
        begun = null;
    }

    /** Gives up what is not committed: it never happened. */
    void giveUp() {
        Intake open = intake;
        intake = null;
        if (open != null) {
            LOG.debug("{}: a message ends before its content, nothing accepted", client);
            open.close();
        }
    }
}
