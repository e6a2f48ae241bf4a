package io.spooler.smtp.listener;

import io.spooler.smtp.net.Watchers;
import io.spooler.transport.TraceEntry;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells those who watch what is said in one session: {@code >} by us, {@code <} by the client, whose address is the lane.
 * What a client says to log in is left out, and so is whatever is no command: it may be content, or a password out of
 * place. One thread; costs one look while nobody watches.
 */
final class SessionTrace {

    private static final AtomicLong SESSIONS = new AtomicLong();
    private static final Set<String> MECHANISMS = Set.of("PLAIN", "LOGIN", "SCRAM-SHA-256");
    private static final String HIDDEN = "(hidden)";

    private final Watchers watchers;
    private final Clock clock;
    private final InetAddress client;
    private final long session = SESSIONS.incrementAndGet();

    SessionTrace(Watchers watchers, Clock clock, InetAddress client) {
        this.watchers = watchers;
        this.clock = clock;
        this.client = client;
    }

    /** Something happens. */
    void event(String text) {
        if (watchers.isEmpty()) {
            return;
        }
        String lane = client.getHostAddress();
        if (watchers.want(lane)) {
            watchers.tell(new TraceEntry(clock.instant(), lane, Long.toString(session), text));
        }
    }

    /**
     * The client has sent a line.
     *
     * @param line without line end
     * @param secret true if it may not be shown
     */
    void heard(String line, boolean secret) {
        if (!watchers.isEmpty()) {
            event("< " + (secret ? HIDDEN : shown(line)));
        }
    }

    private static String shown(String line) {
        String[] words = line.split(" ", 3);
        if (!words[0].equalsIgnoreCase("AUTH")) {
            return line;
        }
        boolean known = words.length > 1 && MECHANISMS.contains(words[1].toUpperCase(Locale.ROOT));
        boolean more = words.length > (known ? 2 : 1);
        return words[0] + (known ? " " + words[1] : "") + (more ? " " + HIDDEN : "");
    }

    /** The client has sent content, which nobody sees. */
    void heardContent(long octets) {
        if (!watchers.isEmpty()) {
            event("< (content of " + octets + " octets)");
        }
    }

    /** We answer. A challenge of a log-in is not shown. */
    void said(Answer answer) {
        if (watchers.isEmpty()) {
            return;
        }
        if (answer.asks()) {
            event("> 334 (challenge)");
        } else {
            answer.wire().lines().forEach(line -> event("> " + line));
        }
    }
}
