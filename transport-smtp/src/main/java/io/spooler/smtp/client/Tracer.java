package io.spooler.smtp.client;

import io.netty.buffer.ByteBuf;
import io.spooler.transport.TraceEntry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who watches the conversations of this transport, and what they are told. Any thread; costs one look while nobody does. */
final class Tracer {

    /** Identity matters: not a record. */
    private static final class Watch {

        private final @Nullable String lane;
        private final Consumer<TraceEntry> watcher;

        private Watch(@Nullable String lane, Consumer<TraceEntry> watcher) {
            this.lane = lane;
            this.watcher = watcher;
        }

        private boolean wants(String other) {
            return lane == null || lane.equals(other);
        }
    }

    private final Clock clock;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();

    Tracer(Clock clock) {
        this.clock = clock;
    }

    Runnable watch(@Nullable String lane, Consumer<TraceEntry> watcher) {
        Watch watch = new Watch(lane, watcher);
        watches.add(watch);
        return () -> watches.remove(watch);
    }

    /** Whether anybody wants to know of a lane. */
    boolean isWatched(String lane) {
        if (watches.isEmpty()) {
            return false;
        }
        return watches.stream().anyMatch(watch -> watch.wants(lane));
    }

    /** Tells those who watch. */
    void tell(String lane, String session, String text) {
        TraceEntry entry = new TraceEntry(clock.instant(), lane, session, text);
        for (Watch watch : watches) {
            if (watch.wants(lane)) {
                watch.watcher.accept(entry);
            }
        }
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
        watches.clear();
    }
}
