package io.spooler.smtp.client;

import io.spooler.Reply;
import io.spooler.transport.TransportStatus;
import io.spooler.transport.TransportStatus.Condition;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of the server from the last attempts. Any thread; the text is made only when somebody asks. */
final class Health {

    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private final String name;
    private final Clock clock;
    private volatile @Nullable Event good;
    private volatile @Nullable Event bad;
    private volatile boolean offline;
    private volatile @Nullable Endpoint last;

    Health(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
    }

    /** The server took a message or passed a probe. */
    void success(Reply reply) {
        good = new Event(clock.instant(), reply);
        if (offline) {
            offline = false;
            LOG.info("{}: server reached again", name);
        }
    }

    /** A session stands. */
    void established(Endpoint server) {
        last = server;
    }

    /** No session could be had. */
    void failure(Reply reply) {
        bad = new Event(clock.instant(), reply);
        if (!offline) {
            offline = true;
            LOG.warn("{}: server out of reach: {}", name, reply);
        }
    }

    /** One destination of many cannot be reached, which says nothing of the others. */
    void failureOfOne(Reply reply) {
        bad = new Event(clock.instant(), reply);
    }

    /** New settings: what was found under the former ones says little. */
    void reset() {
        offline = false;
        last = null;
    }

    TransportStatus status(String server) {
        return new TransportStatus(
                offline ? Condition.OFFLINE : Condition.AVAILABLE,
                server + ": " + say("last success", good) + "; " + say("last error", bad) + policy());
    }

    private String policy() {
        Endpoint server = last;
        return server == null || server.demand() == null ? "" : "; last TLS policy " + server + ": " + server.demand();
    }

    private static String say(String what, @Nullable Event event) {
        return what + ' ' + (event == null ? "none" : event.time.truncatedTo(ChronoUnit.SECONDS) + " " + event.reply);
    }

    private record Event(Instant time, Reply reply) {}
}
