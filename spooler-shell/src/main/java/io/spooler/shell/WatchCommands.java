package io.spooler.shell;

import io.spooler.Mailboxes;
import io.spooler.SpoolEvent;
import io.spooler.SpoolListener;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.Process;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Shows messages as they come in. An event is only the bell: what is shown is read from the feed, so that nothing is
 * missed or shown twice, whatever the events were. Any number of watches at a time, each on the thread of its command.
 */
@Component(
        service = {WatchCommands.class, SpoolListener.class},
        immediate = true,
        property = {"osgi.command.scope=spooler", "osgi.command.function=watch", SpoolListener.EVENTS + "=Arrived"})
public final class WatchCommands implements SpoolListener {

    private static final int PAGE = 100;

    /** How soon it is found that nobody looks any more. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Mailboxes mailboxes;
    private final Object bell = new Object();
    private long rung;
    private boolean closed;

    /**
     * A command over a service.
     *
     * @param mailboxes what has arrived
     */
    @Activate
    public WatchCommands(@Reference Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
    }

    @Override
    public void onEvent(SpoolEvent event) {
        if (event instanceof SpoolEvent.Arrived || event instanceof SpoolEvent.Missed) {
            ring();
        }
    }

    private void ring() {
        synchronized (bell) {
            rung++;
            bell.notifyAll();
        }
    }

    /** Ends what watches. */
    @Deactivate
    void close() {
        synchronized (bell) {
            closed = true;
        }
        ring();
    }

    @Descriptor("shows messages as they come in, one line each, until it is interrupted")
    public void watch(
            CommandSession session,
            @Descriptor("end after so many messages")
                    @Parameter(
                            names = {"-c", "--count"},
                            absentValue = "0")
                    long count,
            @Descriptor("begin behind this number, the first of a line; else with the next message that comes in")
                    @Parameter(
                            names = {"-a", "--after"},
                            absentValue = "-1")
                    long after,
            @Descriptor("print JSON, one object a line")
                    @Parameter(
                            names = {"-j", "--json"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean json,
            @Descriptor("names of mailboxes; none for all") String... mailbox)
            throws IOException {
        // The session's console is the end of a pipe; a command in its middle writes to its process.
        Process process = Process.Utils.current();
        PrintStream out = process == null ? session.getConsole() : process.out();
        Watch watch = new Watch(out, json, List.of(mailbox), count > 0 ? count : Long.MAX_VALUE);
        watch.last = after < 0 ? mailboxes.sequence() : after;
        try {
            watch.run();
        } catch (InterruptedException e) {
            out.flush(); // Ctrl-C is how it ends.
        }
    }

    /** One look at the feed after the other. */
    private final class Watch {

        private final PrintStream out;
        private final boolean json;
        private final List<String> names;
        private final Inbox inbox = new Inbox(mailboxes);
        private long left;
        private long last;

        Watch(PrintStream out, boolean json, List<String> names, long left) {
            this.out = out;
            this.json = json;
            this.names = names;
            this.left = left;
        }

        void run() throws IOException, InterruptedException {
            while (left > 0 && !out.checkError()) {
                long heard = heard();
                List<Mailboxes.Entry> page = mailboxes.since(last, PAGE);
                for (int i = 0; i < page.size() && left > 0; i++) {
                    last = page.get(i).sequence();
                    show(page.get(i));
                }
                if (page.isEmpty()) {
                    await(heard);
                }
            }
        }

        private void show(Mailboxes.Entry entry) throws IOException {
            if (names.isEmpty() || names.stream().anyMatch(entry.mailbox()::equalsIgnoreCase)) {
                out.println(json ? Json.write(inbox.json(entry)) : inbox.line(entry));
                left--;
            }
        }

        private long heard() {
            synchronized (bell) {
                if (closed) {
                    throw new IllegalStateException("the mailboxes have gone; go on later with: watch --after " + last);
                }
                return rung;
            }
        }
    }

    private void await(long heard) throws InterruptedException {
        long end = System.nanoTime() + LOOK_NANOS;
        synchronized (bell) {
            for (long left = LOOK_NANOS; rung == heard && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(bell, left);
            }
        }
    }
}
