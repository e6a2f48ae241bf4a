package io.spooler.smtp.listener;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import io.spooler.Draft;
import io.spooler.SpoolException;
import io.spooler.SpoolId;
import io.spooler.smtp.listener.HeaderWatch.Beginning;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Streams the content of one message into a draft while it arrives; nothing of it stays in the heap. Once the content
 * is known to be refused the draft is given up and the rest is read and dropped. One thread; writing may block for the
 * disk, never for a sync.
 *
 * <p>Nothing that a client says becomes part of our trace line: content that begins with neither a field nor an empty
 * line is body, and has an empty line in front.
 */
final class Intake implements DataScanner.Sink, AutoCloseable {

    private static final int SCRATCH = 32 * 1024;
    private static final byte[] CRLF = {'\r', '\n'};

    /** The scanner wants an array, the network gives direct memory. One per event loop, gone with its thread. */
    private static final FastThreadLocal<byte[]> SCRATCH_OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[SCRATCH];
        }
    };

    private final Draft draft;
    private final DataScanner scanner;
    /** What is kept back until it is known what it is; at most a line. */
    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream(0);

    private boolean begun;
    private @Nullable Throwable failure;
    private long received;
    private boolean abandoned;

    /**
     * Begins.
     *
     * @param draft to be committed or closed by this object
     * @param trace goes in front of the content
     * @param scanner looks at the content
     */
    Intake(Draft draft, byte[] trace, DataScanner scanner) {
        this.draft = draft;
        this.scanner = scanner;
        write(trace, 0, trace.length);
    }

    /**
     * Takes octets as they come.
     *
     * @param in read up to the end of the content, or to its own end
     * @return true if the content has ended
     */
    boolean feed(ByteBuf in) {
        feedChunk(in, in.readableBytes());
        return scanner.ended();
    }

    /** Takes at most so many octets as they come. */
    void feedChunk(ByteBuf in, int most) {
        byte[] scratch = SCRATCH_OF_LOOP.get();
        int left = most;
        while (left > 0 && !scanner.ended()) {
            int length = Math.min(left, scratch.length);
            in.getBytes(in.readerIndex(), scratch, 0, length);
            int used = scanner.scan(scratch, 0, length, this);
            in.skipBytes(used);
            received += used;
            left -= used;
        }
        if (!scanner.faults().isEmpty()) {
            abandon();
        }
    }

    /** The last chunk has come. */
    void end() {
        scanner.end(this);
    }

    /** What is wrong so far, or null. */
    @Nullable
    Answer fault() {
        Set<Fault> faults = scanner.faults();
        return faults.isEmpty() ? null : faults.iterator().next().answer();
    }

    @Override
    public void take(byte[] data, int from, int to) {
        if (begun) {
            write(data, from, to);
        } else if (scanner.beginning() == Beginning.UNKNOWN) {
            beginning.write(data, from, to - from);
        } else {
            begin();
            write(data, from, to);
        }
    }

    private void begin() {
        begun = true;
        if (scanner.beginning() == Beginning.BODY) {
            write(CRLF, 0, CRLF.length);
        }
        write(beginning.toByteArray(), 0, beginning.size());
    }

    private void write(byte[] data, int from, int to) {
        if (failure != null) {
            return;
        }
        try {
            draft.write(ByteBuffer.wrap(data, from, to - from));
        } catch (IOException | RuntimeException e) {
            failure = e;
            abandon();
        }
    }

    /** Octets that have come, content or not; for the minimum rate. */
    long received() {
        return received;
    }

    /**
     * Commits, after the end has come.
     *
     * @return completes when durable, on any thread; exceptionally with {@link Refused} for a faulty content, else with
     *     what the spooler says
     */
    CompletionStage<SpoolId> commit() {
        Answer fault = fault();
        if (fault != null) {
            abandon();
            return CompletableFuture.failedFuture(new Refused(fault));
        }
        Throwable broken = failure;
        return broken != null ? CompletableFuture.failedFuture(broken) : commitDraft();
    }

    private CompletionStage<SpoolId> commitDraft() {
        try {
            return draft.commit();
        } catch (RuntimeException e) {
            abandon();
            return CompletableFuture.failedFuture(e);
        }
    }

    private void abandon() {
        if (!abandoned) {
            abandoned = true;
            draft.close();
        }
    }

    /** The connection is gone: without effect behind {@link #commit()}, else the message never happened. */
    @Override
    public void close() {
        abandon();
    }

    /** What to tell a client about a message that was not accepted. */
    static Answer answer(Throwable error) {
        Throwable cause = SpoolException.class.isInstance(error.getCause()) ? error.getCause() : error;
        if (cause instanceof Refused refused) {
            return refused.answer();
        }
        return cause instanceof SpoolException e ? answer(e.reason()) : Answer.LOCAL_ERROR;
    }

    private static Answer answer(SpoolException.Reason reason) {
        return switch (reason) {
            case STORE_FULL -> Answer.of(452, "4.3.1", "insufficient storage, try again later");
            case TOO_LARGE -> Answer.TOO_LARGE;
            case TOO_MANY_RECIPIENTS -> Answer.TOO_MANY_RECIPIENTS;
            case NO_RECIPIENTS -> Answer.NO_RECIPIENTS;
            default -> Answer.LOCAL_ERROR;
        };
    }
}
