package io.spooler.shell;

import io.spooler.transport.TraceEntry;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a trace between the threads of a transport, which do not wait, and the one that prints. What comes faster than
 * it can be printed is left out and counted.
 */
final class Watching {

    private static final int ROOM = 1_000;
    private static final Duration LOOK = Duration.ofMillis(200);

    private final BlockingQueue<TraceEntry> lines = new ArrayBlockingQueue<>(ROOM);
    private final AtomicLong missed = new AtomicLong();
    private final String session;

    /**
     * Empty.
     *
     * @param session number of the only conversation that is wanted; empty for all
     */
    Watching(String session) {
        this.session = session;
    }

    /** Takes a line. Any thread, does not block. */
    void take(TraceEntry entry) {
        if ((session.isEmpty() || session.equals(entry.session())) && !lines.offer(entry)) {
            missed.incrementAndGet();
        }
    }

    /**
     * Prints until the time is over, enough was printed, nobody reads any more, or the thread is interrupted.
     *
     * @param out where to
     * @param time how long
     * @param most lines
     */
    void print(PrintStream out, Duration time, int most) {
        long end = System.nanoTime() + time.toNanos();
        int printed = 0;
        try {
            while (printed < most && !out.checkError()) {
                long left = end - System.nanoTime();
                TraceEntry entry = lines.poll(Math.max(0, Math.min(left, LOOK.toNanos())), TimeUnit.NANOSECONDS);
                if (entry == null && left <= 0) {
                    break;
                }
                printed += print(out, entry);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (missed.get() > 0) {
            out.println(missed.get() + " lines came too fast and are missing");
        }
    }

    private static int print(PrintStream out, @Nullable TraceEntry entry) {
        if (entry == null) {
            return 0;
        }
        String lane = entry.lane().isEmpty() ? "" : " " + entry.lane();
        out.println(entry.time() + lane + " [" + entry.session() + "] " + entry.text());
        out.flush();
        return 1;
    }
}
