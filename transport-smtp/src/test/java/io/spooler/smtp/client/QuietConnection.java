package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.spooler.Reply;
import io.spooler.transport.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection without a network, on the thread of the test. It gets the next message once all about a piece is done. */
final class QuietConnection implements Owner {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Connection connection;
    private final Deque<Transfer> next = new ArrayDeque<>();
    private final StringBuilder said = new StringBuilder();
    private boolean free;
    private int ends;

    /** Has just connected. */
    QuietConnection(Site site, List<Transfer> messages) {
        next.addAll(messages);
        connection = new Connection(site, this, next.poll(), channel.eventLoop());
        connection.link().find(() -> {}, why -> {
            throw new AssertionError(why);
        });
        channel.runPendingTasks();
        channel.pipeline().addLast(connection.link().handlers());
        connection.link().use(channel, connection::connected);
    }

    /** Octets arrive, at once or one by one, and everything about them is done. */
    void hear(String text, boolean single) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        int step = single ? 1 : Math.max(1, octets.length);
        for (int at = 0; at < octets.length && channel.isOpen(); at += step) {
            channel.writeInbound(Unpooled.wrappedBuffer(octets, at, Math.min(step, octets.length - at)));
        }
        if (free && channel.isOpen() && !next.isEmpty()) {
            free = false;
            connection.carry(next.remove());
            channel.runPendingTasks();
        }
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            said.append(out.toString(StandardCharsets.ISO_8859_1));
            out.release();
        }
    }

    /** The server is gone. */
    void cut() {
        channel.close();
        channel.finishAndReleaseAll();
        next.forEach(Transfer::handBack);
    }

    /** All that went to the server. */
    String said() {
        return said.toString();
    }

    /** How often it ended. */
    int ends() {
        return ends;
    }

    @Override
    public void established(Connection which) {
        // It begins by itself.
    }

    @Override
    public void refused(@Nullable Transfer transfer, Reply why, boolean forever) {
        if (transfer != null) {
            transfer.giveUp(Outcome.Scope.LANE, why);
        }
    }

    @Override
    public void ready(Connection which) {
        if (next.isEmpty()) {
            which.quit();
        }
        free = true;
    }

    @Override
    public @Nullable Transfer following(Connection which) {
        return next.poll();
    }

    @Override
    public void lostInGroup() {
        // There is no other connection.
    }

    @Override
    public void expired(Connection which) {
        which.quit();
    }

    @Override
    public void again(Transfer transfer) {
        transfer.handBack();
    }

    @Override
    public void gone(Connection which) {
        ends++;
    }
}
