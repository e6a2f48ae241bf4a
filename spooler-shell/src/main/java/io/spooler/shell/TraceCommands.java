package io.spooler.shell;

import io.spooler.admin.SpoolAdmin;
import io.spooler.admin.SpoolAdmin.Target;
import java.time.Duration;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Watches what transports say and hear. No state, any thread; blocks as long as it is told to. */
@Component(
        service = TraceCommands.class,
        immediate = true,
        property = {"osgi.command.scope=spooler", "osgi.command.function=trace"})
public final class TraceCommands {

    private static final String TRANSPORT = "name of the transport, as of: transports";
    private static final String SECONDS = "ends after so many seconds";
    private static final String LINES = "ends after so many lines";
    private static final String SESSION = "only one conversation, by the number in brackets";

    private final SpoolAdmin admin;

    /**
     * Commands over the administration.
     *
     * @param admin the administration
     */
    @Activate
    public TraceCommands(@Reference SpoolAdmin admin) {
        this.admin = admin;
    }

    @Descriptor("shows what a transport says and hears from now on, without secrets and content")
    public void trace(
            CommandSession session,
            @Descriptor(SECONDS)
                    @Parameter(
                            names = {"-s", "--seconds"},
                            absentValue = "60")
                    int seconds,
            @Descriptor(LINES)
                    @Parameter(
                            names = {"-n", "--lines"},
                            absentValue = "1000000")
                    int lines,
            @Descriptor(SESSION)
                    @Parameter(
                            names = {"-o", "--only"},
                            absentValue = "")
                    String only,
            @Descriptor(TRANSPORT) String transport) {
        watch(session, seconds, lines, only, new Target(transport, null));
    }

    @Descriptor("shows what a transport says and hears for one destination")
    public void trace(
            CommandSession session,
            @Descriptor(SECONDS)
                    @Parameter(
                            names = {"-s", "--seconds"},
                            absentValue = "60")
                    int seconds,
            @Descriptor(LINES)
                    @Parameter(
                            names = {"-n", "--lines"},
                            absentValue = "1000000")
                    int lines,
            @Descriptor(SESSION)
                    @Parameter(
                            names = {"-o", "--only"},
                            absentValue = "")
                    String only,
            @Descriptor(TRANSPORT) String transport,
            @Descriptor("name of the destination, as of: route") String lane) {
        watch(session, seconds, lines, only, new Target(transport, lane));
    }

    private void watch(CommandSession session, int seconds, int lines, String only, Target what) {
        Watching watching = new Watching(only);
        Runnable end = admin.trace(what, watching::take)
                .orElseThrow(() -> new IllegalArgumentException(
                        what.transport() + " is not present, or cannot be watched; see: spooler:transports"));
        try {
            watching.print(session.getConsole(), Duration.ofSeconds(seconds), lines);
        } finally {
            end.run();
        }
    }
}
