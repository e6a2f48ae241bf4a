package io.spooler.shell.control;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on the control socket and runs what is asked, several commands at once up to a limit.
 *
 * <p>Threads: {@code spooler-control} accepts; up to the limit of {@code spooler-control-session} run commands and end
 * when idle. Failures: a connection that is silent or takes nothing is closed after some time; one too many is told so.
 * {@link #close()} waits for commands in a bounded time, then interrupts them, except where a command itself caused it:
 * then the session of that command ends by itself, after the command.
 */
final class ControlServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int IDLE_SECONDS = 10;

    private final SocketPlace place;
    private final CommandRunner runner;
    private final Limits limits;
    private final ServerSocketChannel listener;
    private final ThreadPoolExecutor workers;
    private final Set<ControlSession> sessions = ConcurrentHashMap.newKeySet();

    /**
     * The limits of a server.
     *
     * @param sessions so many commands at once
     * @param patience how long to wait for a silent peer
     * @param grace how long closing waits for commands
     */
    record Limits(int sessions, Duration patience, Duration grace) {

        static final Limits DEFAULT = new Limits(8, Duration.ofSeconds(10), Duration.ofSeconds(2));
    }

    /**
     * Listens.
     *
     * @param place where
     * @param runner runs the commands
     * @param limits the limits
     * @throws IOException if it cannot listen there
     */
    ControlServer(SocketPlace place, CommandRunner runner, Limits limits) throws IOException {
        this.place = place;
        this.runner = runner;
        this.limits = limits;
        this.listener = place.listen();
        this.workers = new ThreadPoolExecutor(
                0,
                limits.sessions(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                r -> new Thread(r, "spooler-control-session"));
        new Thread(this::accept, "spooler-control").start();
    }

    private void accept() {
        try {
            while (true) {
                serve(listener.accept());
            }
        } catch (ClosedChannelException e) {
            LOG.debug("control socket closed");
        } catch (IOException e) {
            LOG.error("the control socket has failed, restart the shell bundle: {}", e.toString());
        }
    }

    private void serve(SocketChannel connection) {
        try {
            ControlSession session = new ControlSession(new TimedChannel(connection, limits.patience()), runner);
            sessions.add(session);
            try {
                workers.execute(() -> run(session));
            } catch (RejectedExecutionException e) {
                sessions.remove(session);
                refuse(session);
            }
        } catch (IOException e) {
            LOG.debug("control connection: {}", e.toString());
        }
    }

    private void refuse(ControlSession session) throws IOException {
        try {
            if (!workers.isShutdown()) {
                session.refuse("already running " + limits.sessions() + " commands; try again later");
            }
        } finally {
            session.close();
        }
    }

    private void run(ControlSession session) {
        try {
            session.run();
        } finally {
            sessions.remove(session);
        }
    }

    /** Listens no more and ends the sessions. */
    @Override
    public void close() {
        closeListener();
        sessions.forEach(ControlSession::closeIfIdle);
        workers.shutdown();
        // A command that stops this bundle waits for us: its session must not be waited for.
        if (!runner.isInside()) {
            awaitCommands();
        }
    }

    private void closeListener() {
        try {
            listener.close();
            place.remove();
        } catch (IOException e) {
            LOG.warn("the control socket is left behind: {}", e.toString());
        }
    }

    private void awaitCommands() {
        try {
            if (!workers.awaitTermination(limits.grace().toMillis(), TimeUnit.MILLISECONDS)) {
                sessions.forEach(ControlSession::close);
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
