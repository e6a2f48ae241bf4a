package io.spooler.shell;

import io.spooler.Reply;
import io.spooler.admin.SpoolAdmin.Target;
import io.spooler.admin.SpoolControl;
import io.spooler.admin.SpoolControl.Closed;
import io.spooler.admin.SpoolControl.Closing;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Controls the running spooler. No state, any thread; some commands wait for what they have ordered. */
@Component(
        service = ControlCommands.class,
        immediate = true,
        property = {
            "osgi.command.scope=spooler",
            "osgi.command.function=flush",
            "osgi.command.function=validate",
            "osgi.command.function=suspend",
            "osgi.command.function=resume",
            "osgi.command.function=inbound",
            "osgi.command.function=close",
            "osgi.command.function=open"
        })
public final class ControlCommands {

    private static final String TRANSPORT = "name of the transport, as of: transports";
    private static final String LANE = "name of the destination, as of: route";

    private final SpoolControl control;

    /**
     * Commands over a service.
     *
     * @param control the control
     */
    @Activate
    public ControlCommands(@Reference SpoolControl control) {
        this.control = control;
    }

    @Descriptor(
            "tries everything deferred now, one transport after the other, and waits for it; also for one transport")
    public String flush(
            CommandSession session,
            @Descriptor("end the flush that is running")
                    @Parameter(
                            names = {"-c", "--cancel"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean cancel,
            @Descriptor("[TRANSPORT], all without; " + TRANSPORT) String... transport)
            throws InterruptedException {
        String name = atMostOne(transport);
        FlushView view = new FlushView(control, Orders.who(session));
        if (!cancel) {
            return view.flush(name);
        } else if (name != null) {
            throw new IllegalArgumentException("--cancel ends the whole flush: give no transport");
        }
        return view.cancel();
    }

    private static @Nullable String atMostOne(String... words) {
        if (words.length > 1 || Arrays.asList(words).contains("")) {
            throw new IllegalArgumentException("give the name of one transport, or none for all");
        }
        return words.length == 0 ? null : words[0];
    }

    @Descriptor("lets transports look whether their systems can be reached, and does not wait: see status")
    public String validate(
            CommandSession session, @Descriptor("[TRANSPORT], all without; " + TRANSPORT) String... transport) {
        List<String> names = control.validate(atMostOne(transport), Orders.who(session));
        return names.isEmpty()
                ? "No transport is present."
                : "Looking: " + Reply.clean(String.join(", ", names)) + "; see: status";
    }

    @Descriptor("lets nothing go to a transport until: resume; what is under way ends")
    public String suspend(CommandSession session, @Descriptor(TRANSPORT) String transport) {
        return suspend(session, new Target(transport, null));
    }

    @Descriptor("lets nothing go to one destination of a transport until: resume; what is under way ends")
    public String suspend(
            CommandSession session, @Descriptor(TRANSPORT) String transport, @Descriptor(LANE) String lane) {
        return suspend(session, new Target(transport, lane));
    }

    private String suspend(CommandSession session, Target what) {
        boolean changed = control.suspend(what, Orders.who(session));
        return Reply.clean(what.toString()) + (changed ? " is suspended." : " was suspended before.");
    }

    @Descriptor("ends the suspension of a transport")
    public String resume(CommandSession session, @Descriptor(TRANSPORT) String transport) {
        return resume(session, new Target(transport, null));
    }

    @Descriptor("ends the suspension of one destination of a transport")
    public String resume(
            CommandSession session, @Descriptor(TRANSPORT) String transport, @Descriptor(LANE) String lane) {
        return resume(session, new Target(transport, lane));
    }

    private String resume(CommandSession session, Target what) {
        if (!control.resume(what, Orders.who(session))) {
            throw new IllegalArgumentException(Reply.clean(what.toString()) + " is not suspended; see: transports");
        }
        return Reply.clean(what.toString()) + " goes on; what was deferred because of it is tried now";
    }

    @Descriptor("begins or ends to take in what a transport brings; what is coming in may end")
    public String inbound(
            CommandSession session,
            @Descriptor("begin or end") String what,
            @Descriptor("name of the transport") String transport) {
        Target target = Target.inbound(transport);
        String name = Reply.clean(transport);
        return switch (what) {
            case "end" ->
                control.suspend(target, Orders.who(session))
                        ? "Nothing is taken in from " + name + " until: inbound begin"
                        : "Nothing was taken in from " + name + " before.";
            case "begin" ->
                control.resume(target, Orders.who(session))
                        ? "What " + name + " brings is taken in."
                        : "What " + name + " brings was taken in before.";
            default -> throw new IllegalArgumentException("inbound begin TRANSPORT | inbound end TRANSPORT");
        };
    }

    @Descriptor(
            "ends deliveries and receptions until: open; what is accepted meanwhile waits. HOW: abort (not if anything"
                    + " is active), quiet (the same, and says what), orderly (finishes what is under way), no-wait (sends what is"
                    + " due, does not wait), purge (flushes, sends what is due, waits)")
    public String close(CommandSession session, @Descriptor("HOW") String how) throws InterruptedException {
        Closed answer = Await.of(control.close(closing(how), Orders.who(session)));
        String active = answer.activities().isEmpty()
                ? ""
                : " [" + answer.activities().stream().sorted().map(Enum::name).collect(Collectors.joining(", ")) + "]";
        if (!answer.closed()) {
            throw new IllegalStateException(
                    "not closed" + (answer.text().isEmpty() ? "" : ": " + answer.text()) + active);
        }
        return (closing(how) == Closing.NO_WAIT ? "Closes by itself: " : "Closed: ") + Reply.clean(answer.text())
                + active + ". To take it back: spooler:open";
    }

    private static Closing closing(String how) {
        String name = how.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(Closing.values())
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("how? one of abort, quiet, orderly, no-wait, purge"));
    }

    @Descriptor("takes close back: everything goes on")
    public String open(CommandSession session) {
        return control.open(Orders.who(session)) ? "Open: everything goes on." : "It was open before.";
    }
}
