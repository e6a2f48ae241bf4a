package io.spooler.transport;

import io.spooler.Reply;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Base of a simple transport that does its work in one blocking call per consignment, on one thread of its own that
 * ends when it has been idle for ten seconds. Call {@link #close()} when the component is deactivated.
 */
@ConsumerType
public abstract class BlockingTransport implements TransportProvider, AutoCloseable {

    private static final int IDLE_SECONDS = 10;

    private final ExecutorService worker;

    /** Starts no thread yet. */
    protected BlockingTransport() {
        String name = "spooler-" + getClass().getSimpleName();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), r -> new Thread(r, name));
        pool.allowCoreThreadTimeOut(true);
        this.worker = pool;
    }

    /**
     * Does the work for one message. May block; should end soon once {@link Consignment#isCancelled()} is true.
     *
     * @param consignment what to carry, and to whom
     * @return one outcome for all recipients, or one per recipient in their order
     * @throws Exception counts as {@link Outcome.Deferred} for all, with scope TRANSPORT
     */
    protected abstract List<Outcome> carry(Consignment consignment) throws Exception;

    @Override
    public final CompletionStage<List<Outcome>> deliver(Consignment consignment) {
        CompletableFuture<List<Outcome>> result = new CompletableFuture<>();
        try {
            worker.execute(() -> work(consignment, result));
        } catch (RejectedExecutionException stopped) {
            result.complete(same(consignment, new Outcome.NotMine()));
        }
        return result;
    }

    private void work(Consignment consignment, CompletableFuture<List<Outcome>> result) {
        if (worker.isShutdown()) {
            result.complete(same(consignment, new Outcome.NotMine()));
            return;
        }
        try {
            List<Outcome> outcomes = carry(consignment);
            result.complete(outcomes.size() == 1 ? same(consignment, outcomes.get(0)) : outcomes);
        } catch (Exception e) {
            result.completeExceptionally(e);
        }
    }

    private static List<Outcome> same(Consignment consignment, Outcome outcome) {
        return Collections.nCopies(consignment.recipients().size(), outcome);
    }

    @Override
    public TransportStatus status() {
        return new TransportStatus(TransportStatus.Condition.AVAILABLE, "ready");
    }

    /**
     * A positive answer of this transport itself.
     *
     * @param text what happened
     * @return status 2.0.0
     */
    protected static Reply ok(String text) {
        return new Reply("2.0.0", text);
    }

    /**
     * Refuses more; what is queued is handed back. Work in progress is not interrupted, since an interrupt closes files
     * that others read: it should look at {@link Consignment#isCancelled()}.
     */
    @Override
    public void close() {
        worker.shutdown();
    }
}
