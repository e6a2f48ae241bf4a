package io.spooler.shell;

import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;

/** The real Gogo with the commands of the shell, without a framework. */
public final class Gogo implements AutoCloseable {

    private final ThreadIOImpl threads = new ThreadIOImpl();
    private final CommandProcessorImpl processor;

    /** Starts. */
    public Gogo() {
        threads.start();
        processor = new CommandProcessorImpl(threads);
    }

    /**
     * Gogo itself.
     *
     * @return the processor
     */
    public CommandProcessorImpl processor() {
        return processor;
    }

    Gogo with(Fakes fakes) {
        add(new QueueCommands(fakes.admin(), fakes.spooler()), "queue", "show", "why");
        add(
                new AdminCommands(fakes.admin(), fakes.spooler()),
                "hold",
                "release",
                "retry",
                "cancel",
                "expire",
                "reroute",
                "undo");
        add(new ControlCommands(fakes.control()), "flush", "validate", "suspend", "resume", "inbound", "close", "open");
        add(new StatusCommands(fakes.admin()), "status", "stores", "transports", "hooks", "route");
        add(new TraceCommands(fakes.admin()), "trace");
        add(new MailCommands(fakes.spooler(), fakes.mailboxes()), "send", "resend", "inbox", "cat");
        add(new MailboxCommands(fakes.mailboxes()), "folders", "mark", "move", "delete", "fate");
        return this;
    }

    Gogo with(WatchCommands watch) {
        add(watch, "watch");
        return this;
    }

    Gogo with(StoreCommands commands) {
        add(commands, "store");
        return this;
    }

    private void add(Object commands, String... names) {
        List.of(names).forEach(name -> processor.addCommand("spooler", commands, name));
    }

    @Override
    public void close() {
        processor.stop();
        threads.stop();
    }
}
