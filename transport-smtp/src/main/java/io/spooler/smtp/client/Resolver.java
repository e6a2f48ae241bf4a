package io.spooler.smtp.client;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks up addresses on a thread of its own, because Java's look-up blocks. The thread, {@code spooler-smtp-dns}, ends
 * when it has been idle for five seconds. Java caches what was found. Any thread.
 */
final class Resolver implements AutoCloseable {

    private static final int IDLE_SECONDS = 5;

    private final ThreadPoolExecutor worker;

    Resolver() {
        worker = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Resolver::thread);
        worker.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "spooler-smtp-dns");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Finds the addresses of a host.
     *
     * @param host name, or an address as text
     * @return completes with at least one address, or exceptionally
     */
    CompletableFuture<List<InetAddress>> resolve(String host) {
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return CompletableFuture.completedFuture(lookUp(host));
        }
        try {
            return CompletableFuture.supplyAsync(() -> lookUp(host), worker);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedFuture(closed);
        }
    }

    private static List<InetAddress> lookUp(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }

    /** For other work that takes a while. */
    Executor worker() {
        return worker;
    }

    /** Ends the thread after the look-up in progress, which Java bounds. */
    @Override
    public void close() {
        worker.shutdownNow();
    }
}
