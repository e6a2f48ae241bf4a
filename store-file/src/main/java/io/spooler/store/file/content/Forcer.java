package io.spooler.store.file.content;

import io.spooler.SpoolException;
import io.spooler.SpoolException.Reason;
import io.spooler.SpoolId;
import io.spooler.store.file.journal.Journal;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces large contents before their record is appended, on two threads {@code spooler-store-content-N}, so that a
 * commit returns at once. Small contents pass at once, on the calling thread. Any thread.
 */
public final class Forcer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Forcer.class);
    private static final int THREADS = 2;
    private static final long CLOSE_SECONDS = 5;

    /** What comes next. */
    @FunctionalInterface
    public interface Next {

        /**
         * Appends the record.
         *
         * @throws SpoolException if it is refused
         */
        void run() throws SpoolException;
    }

    private final Journal journal;
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "spooler-store-content-" + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Forces contents of a store.
     *
     * @param journal is stopped when a force fails
     */
    public Forcer(Journal journal) {
        this.journal = journal;
    }

    /**
     * Makes a content durable, then goes on. If anything fails the content is removed.
     *
     * @param writer ended
     * @param next appends the record
     * @param stage fails if that is not reached
     */
    public void force(ContentWriter writer, Next next, CompletableFuture<?> stage) {
        if (!writer.isInFile()) {
            proceed(writer, next, stage);
            return;
        }
        try {
            threads.execute(() -> proceed(
                    writer,
                    () -> {
                        makeDurable(writer);
                        next.run();
                    },
                    stage));
        } catch (RejectedExecutionException e) {
            fail(writer, stage, new SpoolException(Reason.STORE_STOPPED, "the store is closed", e));
        }
    }

    /**
     * Writes the octets of a durable content to another file, and makes that durable. On a thread of this forcer, since it
     * blocks for the disk.
     *
     * @param original has a file
     * @param file name of the other one
     * @return durable
     * @throws SpoolException STORE_FULL or STORE_STOPPED; then there is no other file
     */
    public ContentWriter again(ContentWriter original, SpoolId file) throws SpoolException {
        ContentWriter copy = original.another(file);
        try {
            copy.take(original);
            makeDurable(copy);
            return copy;
        } catch (IOException e) {
            copy.discard();
            SpoolException refusal = copy.refusal();
            throw refusal != null
                    ? refusal
                    : new SpoolException(Reason.STORE_STOPPED, "the content cannot be read back (" + e + ")", e);
        } catch (SpoolException | RuntimeException e) {
            copy.discard();
            throw e;
        }
    }

    /** A content that cannot be written costs its message; one that cannot be forced stops the store. */
    private void makeDurable(ContentWriter writer) throws SpoolException {
        writer.flush();
        try {
            writer.force();
        } catch (IOException e) {
            LOG.error("A content file cannot be made durable; its message is refused and the store stops", e);
            journal.halt(e);
            throw new SpoolException(Reason.STORE_STOPPED, "the content cannot be made durable (" + e + ")", e);
        }
    }

    private static void proceed(ContentWriter writer, Next next, CompletableFuture<?> stage) {
        try {
            next.run();
        } catch (SpoolException | RuntimeException e) {
            fail(writer, stage, e);
        }
    }

    private static void fail(ContentWriter writer, CompletableFuture<?> stage, Exception cause) {
        writer.discard();
        stage.completeExceptionally(cause);
    }

    @Override
    public void close() {
        threads.shutdown();
        boolean interrupted = false;
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
