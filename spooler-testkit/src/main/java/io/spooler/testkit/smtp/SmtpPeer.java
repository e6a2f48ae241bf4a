package io.spooler.testkit.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A scripted SMTP and LMTP server on 127.0.0.1: accepts everything unless told otherwise, and records all. Change its script at
 * any time; it holds for the commands that follow. One blocking daemon thread per connection.
 *
 * <pre>{@code
 * try (SmtpPeer peer = SmtpPeer.start()) {
 *     peer.on("RCPT", line -> Action.reply(line.contains("bob") ? "550 5.1.1 no bob" : "250 2.1.5 ok"));
 *     ... send to peer.port() ...
 *     Mail mail = peer.awaitMails(1).get(0);
 * }
 * }</pre>
 */
public final class SmtpPeer implements AutoCloseable {

    static final Set<String> VERBS =
            Set.of("EHLO", "LHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BDAT", "RSET", "NOOP", "QUIT");

    private static final Map<String, String> DEFAULTS = Session.defaults();
    private static final long PATIENCE_MS = 30_000;

    private final ServerSocket server;
    private final Map<String, Function<String, Action>> script = new ConcurrentHashMap<>();
    private final List<Session> sessions = new CopyOnWriteArrayList<>();
    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private volatile List<String> extensions =
            List.of("PIPELINING", "8BITMIME", "SIZE", "ENHANCEDSTATUSCODES", "DSN", "SMTPUTF8");
    private final CountDownLatch accepting = new CountDownLatch(1);
    private volatile @Nullable SSLContext tls;
    private volatile boolean implicit;
    private volatile boolean asking;

    private SmtpPeer(ServerSocket server) {
        this.server = server;
    }

    /**
     * Starts to listen on a free port.
     *
     * @return a peer that accepts everything
     * @throws IOException if there is no port
     */
    public static SmtpPeer start() throws IOException {
        SmtpPeer peer = new SmtpPeer(new ServerSocket(0, 200, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
        peer.thread("smtp-peer", peer::accept);
        return peer;
    }

    /**
     * Where it listens.
     *
     * @return the port on 127.0.0.1
     */
    public int port() {
        return server.getLocalPort();
    }

    /**
     * Scripts replies to a verb.
     *
     * @param verb a command, {@code CONNECT}, {@code .} for the end of the content, or {@code *} for all others
     * @param replies one line each, used in turn over all sessions; the last one stays
     * @return this
     */
    public SmtpPeer on(String verb, String... replies) {
        AtomicInteger next = new AtomicInteger();
        return on(verb, line -> Action.reply(replies[Math.min(next.getAndIncrement(), replies.length - 1)]));
    }

    /**
     * Scripts what happens on a verb.
     *
     * @param verb as above
     * @param answer gets the command line
     * @return this
     */
    public SmtpPeer on(String verb, Function<String, Action> answer) {
        script.put(verb, answer);
        return this;
    }

    /**
     * Scripts one action for every occurrence of a verb.
     *
     * @param verb as above
     * @param action what to do
     * @return this
     */
    public SmtpPeer always(String verb, Action action) {
        return on(verb, line -> action);
    }

    /**
     * Sets what EHLO announces.
     *
     * @param keywords one line each
     * @return this
     */
    public SmtpPeer extensions(String... keywords) {
        extensions = List.of(keywords);
        return this;
    }

    /**
     * Offers STARTTLS.
     *
     * @param context with a key
     * @return this
     */
    public SmtpPeer tls(SSLContext context) {
        tls = context;
        return this;
    }

    /**
     * Begins with TLS, without STARTTLS.
     *
     * @param context with a key
     * @return this
     */
    public SmtpPeer implicitTls(SSLContext context) {
        implicit = true;
        return tls(context);
    }

    /**
     * Wants a certificate of each client under TLS.
     *
     * @return this
     */
    public SmtpPeer askForCertificates() {
        asking = true;
        return this;
    }

    boolean asksForCertificates() {
        return asking;
    }

    /**
     * The connections so far.
     *
     * @return oldest first
     */
    public List<Session> sessions() {
        return List.copyOf(sessions);
    }

    /**
     * All commands of all sessions.
     *
     * @return session by session
     */
    public List<String> commands() {
        return sessions.stream().flatMap(s -> s.commands().stream()).toList();
    }

    /**
     * The messages so far.
     *
     * @return in the order of their ends
     */
    public List<Mail> mails() {
        return List.copyOf(mails);
    }

    /**
     * Waits for messages.
     *
     * @param count how many at least
     * @return all so far
     */
    public List<Mail> awaitMails(int count) {
        await(count + " messages", () -> mails.size() >= count);
        return mails();
    }

    /**
     * Waits for a command in any session.
     *
     * @param start how it begins
     */
    public void awaitCommand(String start) {
        await("command " + start, () -> commands().stream().anyMatch(c -> c.startsWith(start)));
    }

    /**
     * Waits until a number of connections came.
     *
     * @param count how many at least
     */
    public void awaitSessions(int count) {
        await(count + " connections", () -> sessions.size() >= count);
    }

    /**
     * Waits until the client has closed its connections, or the peer has.
     */
    public void awaitNoSession() {
        await("the end of all sessions", () -> sessions.stream().allMatch(Session::isClosed));
    }

    private synchronized void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (!condition.getAsBoolean()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("missing: " + what + "; got " + mails.size() + " messages, " + commands());
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }

    synchronized void changed() {
        notifyAll();
    }

    void received(Mail mail) {
        mails.add(mail);
        changed();
    }

    @Nullable
    SSLContext tlsContext() {
        return tls;
    }

    Action action(String verb, String line, boolean encrypted) {
        Function<String, Action> answer = script.get(verb);
        if (answer != null) {
            return answer.apply(line);
        }
        return verb.equals("EHLO") || verb.equals("LHLO")
                ? hello(encrypted)
                : Action.reply(DEFAULTS.getOrDefault(verb, "500 5.5.2 no"));
    }

    private Action hello(boolean encrypted) {
        List<String> lines = new ArrayList<>(List.of("peer.test"));
        lines.addAll(extensions);
        if (tls != null && !encrypted) {
            lines.add("STARTTLS");
        }
        String[] reply = new String[lines.size()];
        Arrays.setAll(reply, i -> "250" + (i == reply.length - 1 ? " " : "-") + lines.get(i));
        return Action.reply(reply);
    }

    private void accept() throws IOException {
        try {
            acceptAll();
        } finally {
            accepting.countDown();
        }
    }

    private void acceptAll() throws IOException {
        while (!server.isClosed()) {
            Socket socket = server.accept();
            socket.setTcpNoDelay(true);
            Session session = new Session(this, socket);
            sessions.add(session);
            changed();
            thread("smtp-peer-session", () -> run(session));
        }
    }

    private void run(Session session) throws IOException {
        try {
            if (implicit) {
                session.encrypt();
            }
            session.converse();
        } finally {
            session.close();
            changed();
        }
    }

    private void thread(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        // The client hung up or the peer was closed: the record says what came.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Stops to listen: connections are refused from now on, existing ones go on. */
    public void refuse() {
        try {
            server.close();
            // As long as a thread waits in accept, the system still takes connections.
            if (!accepting.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the accepting thread did not end");
            }
        } catch (IOException e) {
            throw new AssertionError("cannot stop to listen", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while stopping to listen", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Session session : sessions) {
            session.close();
        }
    }

    private interface Work {
        void run() throws IOException;
    }
}
