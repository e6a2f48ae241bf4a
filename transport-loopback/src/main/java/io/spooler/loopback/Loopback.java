package io.spooler.loopback;

import io.spooler.Address;
import io.spooler.Recipient;
import io.spooler.Reply;
import io.spooler.transport.Consignment;
import io.spooler.transport.Inlet;
import io.spooler.transport.Outcome;
import io.spooler.transport.Outcome.Scope;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers to mailboxes of this spooler: streams the content into the {@link Inlet} and answers when the commit has
 * completed (R53).
 *
 * <p>Threads: {@code deliver} only queues; one thread {@code spooler-loopback}, which ends after ten idle seconds,
 * copies content; commits complete on threads of the core, many at a time, so that the store can gather them.
 *
 * <p>Failures: no inlet, or a store that is not there, defer with scope TRANSPORT; a name that cannot be a mailbox fails
 * with 5.1.1; an address of another domain is handed back. Known limit: any name that is allowed is a mailbox; there is
 * no list of known ones.
 */
final class Loopback implements TransportProvider, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Loopback.class);
    private static final int IDLE_SECONDS = 10;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** Far more than the core hands over at a time; beyond it the core is told to wait. */
    private static final int QUEUE = 1024;

    private final ThreadPoolExecutor worker;
    private volatile Set<String> domains = Set.of();
    private volatile @Nullable String failure = "not configured yet";
    private volatile @Nullable Inlet inlet;

    /** Starts no thread yet. */
    Loopback() {
        worker = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                r -> new Thread(r, "spooler-loopback"));
        worker.allowCoreThreadTimeOut(true);
    }

    /**
     * Takes new settings; consignments already begun are not affected.
     *
     * @param settings valid settings
     */
    void apply(LoopbackSettings settings) {
        domains = Set.copyOf(settings.domains());
        failure = null;
    }

    /**
     * Carries nothing from now on.
     *
     * @param text why, with the cure
     */
    void fail(String text) {
        failure = text;
    }

    @Override
    public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
        CompletableFuture<List<CompletableFuture<Outcome>>> begun = new CompletableFuture<>();
        try {
            worker.execute(() -> work(consignment, begun));
        } catch (RejectedExecutionException e) {
            Outcome outcome = worker.isShutdown() ? new Outcome.NotMine() : wait("4.3.2", "too much at a time");
            return CompletableFuture.completedFuture(
                    Collections.nCopies(consignment.recipients().size(), outcome));
        }
        return begun.thenCompose(Loopback::all);
    }

    private void work(Consignment consignment, CompletableFuture<List<CompletableFuture<Outcome>>> begun) {
        try {
            begun.complete(begin(consignment));
        } catch (RuntimeException e) {
            begun.completeExceptionally(e);
        }
    }

    private static CompletableFuture<List<Outcome>> all(List<CompletableFuture<Outcome>> outcomes) {
        return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
                .thenApply(
                        done -> outcomes.stream().map(CompletableFuture::join).toList());
    }

    /** Recipients that share a mailbox share one filing and its outcome. */
    private List<CompletableFuture<Outcome>> begin(Consignment consignment) {
        Map<String, CompletableFuture<Outcome>> filed = new HashMap<>();
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (Recipient recipient : consignment.recipients()) {
            outcomes.add(begin(consignment, recipient.address(), filed));
        }
        return outcomes;
    }

    private CompletableFuture<Outcome> begin(
            Consignment consignment, Address address, Map<String, CompletableFuture<Outcome>> filed) {
        Inlet open = inlet;
        if (worker.isShutdown() || consignment.isCancelled() || !isMine(address)) {
            return CompletableFuture.completedFuture(new Outcome.NotMine());
        }
        if (open == null) {
            return CompletableFuture.completedFuture(wait("4.3.2", "the spooler takes nothing in at present"));
        }
        try {
            String mailbox = Mailbox.of(address);
            // The store compares names without case.
            return filed.computeIfAbsent(
                    mailbox.toLowerCase(Locale.ROOT),
                    key -> new Filer(open, worker::isShutdown)
                            .file(consignment, address, mailbox)
                            .toCompletableFuture());
        } catch (IllegalArgumentException e) {
            Reply reply = new Reply("5.1.1", "no such mailbox: " + e.getMessage());
            return CompletableFuture.completedFuture(new Outcome.Failed(reply));
        }
    }

    private boolean isMine(Address address) {
        return failure == null
                && (address.type().equals(Address.LOCAL)
                        || (address.type().equals(Address.SMTP) && domains.contains(address.domain())));
    }

    @Override
    public Optional<String> mailbox(Address address) {
        if (inlet == null || worker.isShutdown() || !isMine(address)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Mailbox.of(address));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Delivery says what is wrong with it.
        }
    }

    private static Outcome wait(String status, String text) {
        return new Outcome.Deferred(Scope.TRANSPORT, null, new Reply(status, text));
    }

    @Override
    public Set<Operation> operations() {
        return EnumSet.allOf(Operation.class);
    }

    @Override
    public TransportStatus status() {
        String text = failure;
        if (text != null) {
            return new TransportStatus(Condition.FAILED, text);
        }
        return inlet == null
                ? new TransportStatus(Condition.OFFLINE, "waits for the spooler to take messages in")
                : new TransportStatus(Condition.AVAILABLE, "files into the mailboxes of this spooler");
    }

    @Override
    public void openInbound(Inlet opened) {
        inlet = opened;
    }

    @Override
    public void closeInbound() {
        inlet = null;
    }

    /**
     * Refuses more and hands back what has not reached its commit. The thread is not interrupted, since it may be inside
     * a file channel of the store, which an interrupt would close; it looks up after each piece of content.
     */
    @Override
    public void close() {
        worker.shutdown();
        try {
            if (!worker.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "the store has not answered for {}; the thread spooler-loopback ends when it does",
                        CLOSE_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
