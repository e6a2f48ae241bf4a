package io.spooler.testkit.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the peer does in place of, or as, its answer to a command. Runs on the thread of the session. */
@FunctionalInterface
public interface Action {

    /**
     * Acts.
     *
     * @param session where to
     * @throws IOException ends the session
     */
    void act(Session session) throws IOException;

    /**
     * A reply.
     *
     * @param lines each complete, with code, without line end
     * @return writes them at once
     */
    static Action reply(String... lines) {
        return session -> session.write(String.join("\r\n", lines) + "\r\n");
    }

    /**
     * A reply after which the connection ends.
     *
     * @param lines as for {@link #reply}
     * @return writes, then closes
     */
    static Action lastly(String... lines) {
        return session -> {
            reply(lines).act(session);
            session.close();
        };
    }

    /**
     * Cuts the connection.
     *
     * @return closes without a word
     */
    static Action drop() {
        return Session::close;
    }

    /**
     * No answer, and none to anything that follows in this session; it goes on to read.
     *
     * @return hangs, as the client sees it
     */
    static Action silence() {
        return Session::mute;
    }

    /**
     * Nothing, for use behind another action.
     *
     * @return does nothing
     */
    static Action nothing() {
        return session -> {};
    }

    /**
     * Part of a reply, then the connection ends.
     *
     * @param start what comes of it
     * @return writes, then closes
     */
    static Action cut(String start) {
        return session -> {
            session.write(start);
            session.close();
        };
    }

    /**
     * Waits until the client has said more without an answer.
     *
     * @param then what follows
     * @return an answer that comes only to a client that goes on
     */
    static Action afterMore(Action then) {
        return session -> {
            session.awaitMore();
            then.act(session);
        };
    }

    /**
     * Waits first, for 30 seconds at most.
     *
     * @param gate to be completed by the test
     * @param then what follows
     * @return a slow answer
     */
    static Action after(CompletableFuture<?> gate, Action then) {
        return session -> {
            try {
                gate.get(30, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new IOException("the gate was not opened", e);
            }
            then.act(session);
        };
    }

    /**
     * A reply that never ends, until the client hangs up.
     *
     * @param start written once
     * @param more written again and again
     * @return floods the client
     */
    static Action endless(String start, String more) {
        return session -> {
            session.write(start);
            byte[] block = more.repeat(1 + 4096 / more.length()).getBytes(StandardCharsets.UTF_8);
            while (!session.isClosed()) {
                session.write(block);
            }
        };
    }

    /**
     * For DATA: takes some octets of content, then cuts the connection.
     *
     * @param octets how many to take
     * @return replies 354, reads, closes
     */
    static Action dropInData(int octets) {
        return session -> {
            reply("354 go ahead").act(session);
            session.skip(octets);
            session.close();
        };
    }

    /**
     * For DATA: takes some octets of content, then says something and cuts the connection.
     *
     * @param octets how many to take
     * @param lines the early reply
     * @return replies 354, reads, replies, closes
     */
    static Action interruptData(int octets, String... lines) {
        return session -> {
            reply("354 go ahead").act(session);
            session.skip(octets);
            reply(lines).act(session);
            session.close();
        };
    }
}
