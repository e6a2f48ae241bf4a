package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;
import io.spooler.smtp.net.Watchers;
import io.spooler.transport.TraceEntry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What those are told who watch the conversations of this transport. Any thread; costs one look while nobody does. */
final class Tracer {

    private final Clock clock;
    private final Watchers watchers = new Watchers();

    Tracer(Clock clock) {
        this.clock = clock;
    }

    Runnable watch(@Nullable String lane, Consumer<TraceEntry> watcher) {
        return watchers.add(lane, watcher);
    }

    /** Whether anybody wants to know of a lane. */
    boolean isWatched(String lane) {
        return !watchers.isEmpty() && watchers.want(lane);
    }

    /** Tells those who watch. */
    void tell(String lane, String session, String text) {
        watchers.tell(new TraceEntry(clock.instant(), lane, session, text));
    }

    /** Tells of commands, line by line. */
    void tellCommands(String lane, String session, ByteBuf commands) {
        commands.toString(StandardCharsets.UTF_8).lines().forEach(line -> tell(lane, session, "> " + line));
    }

    /** Tells of a reply, line by line. A challenge of a log-in is not shown. */
    void tellReply(String lane, String session, ServerReply reply) {
        if (reply.code() == 334) {
            tell(lane, session, "< 334 (challenge)");
            return;
        }
        int last = reply.lines().size() - 1;
        for (int i = 0; i <= last; i++) {
            tell(
                    lane,
                    session,
                    "< " + reply.code() + (i == last ? ' ' : '-')
                            + reply.lines().get(i));
        }
    }

    /** Nobody watches any more. */
    void close() {
        watchers.close();
    }
}
