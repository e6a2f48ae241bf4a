package io.spooler.shell;

import io.spooler.Reply;
import io.spooler.Spooler;
import io.spooler.admin.Order.Action;
import io.spooler.admin.SpoolAdmin;
import io.spooler.admin.SpoolAdmin.Target;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Changes the queue: what a filter selects, one message, or all. No state, any thread; blocks for the store. */
@Component(
        service = AdminCommands.class,
        immediate = true,
        property = {
            "osgi.command.scope=spooler",
            "osgi.command.function=hold",
            "osgi.command.function=release",
            "osgi.command.function=retry",
            "osgi.command.function=cancel",
            "osgi.command.function=expire",
            "osgi.command.function=reroute",
            "osgi.command.function=undo",
            "osgi.command.function=flush",
            "osgi.command.function=suspend",
            "osgi.command.function=resume",
            "osgi.command.function=inbound"
        })
public final class AdminCommands {

    private static final String WHOM = "a filter as of: queue, or the id of a message, or: all";
    private static final String YES = "do it, also to more than one message";

    private static final String TRANSPORT = "name of the transport, as of: transports";
    private static final String LANE = "name of the destination, as of: route";

    private final SpoolAdmin admin;
    private final Orders orders;

    /**
     * Commands over services.
     *
     * @param admin the administration
     * @param spooler to know whether a message exists
     */
    @Activate
    public AdminCommands(@Reference SpoolAdmin admin, @Reference Spooler spooler) {
        this.admin = admin;
        this.orders = new Orders(admin, spooler);
    }

    @Descriptor("holds recipients: no attempt until they are released")
    public String hold(
            CommandSession session,
            @Descriptor(YES)
                    @Parameter(
                            names = {"-y", "--yes"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean yes,
            @Descriptor(WHOM) String... filter) {
        return orders.give(Action.HOLD, yes, filter, session);
    }

    @Descriptor("ends a hold")
    public String release(
            CommandSession session,
            @Descriptor(YES)
                    @Parameter(
                            names = {"-y", "--yes"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean yes,
            @Descriptor(WHOM) String... filter) {
        return orders.give(Action.RELEASE, yes, filter, session);
    }

    @Descriptor("makes deferred and waiting recipients due now")
    public String retry(
            CommandSession session,
            @Descriptor(YES)
                    @Parameter(
                            names = {"-y", "--yes"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean yes,
            @Descriptor(WHOM) String... filter) {
        return orders.give(Action.RETRY, yes, filter, session);
    }

    @Descriptor("cancels what is not delivered yet; nobody is told")
    public String cancel(
            CommandSession session,
            @Descriptor(YES)
                    @Parameter(
                            names = {"-y", "--yes"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean yes,
            @Descriptor(WHOM) String... filter) {
        return orders.give(Action.CANCEL, yes, filter, session);
    }

    @Descriptor("gives up what is not delivered yet; the senders get a report")
    public String expire(
            CommandSession session,
            @Descriptor(YES)
                    @Parameter(
                            names = {"-y", "--yes"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean yes,
            @Descriptor(WHOM) String... filter) {
        return orders.give(Action.EXPIRE, yes, filter, session);
    }

    @Descriptor("says by which transport alone recipients may go from now on; give either --to or --clear")
    public String reroute(
            CommandSession session,
            @Descriptor(YES)
                    @Parameter(
                            names = {"-y", "--yes"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean yes,
            @Descriptor("name of the transport")
                    @Parameter(
                            names = {"-t", "--to"},
                            absentValue = "")
                    String to,
            @Descriptor("the ordinary route again")
                    @Parameter(
                            names = {"-c", "--clear"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean clear,
            @Descriptor(WHOM) String... filter) {
        if (to.isEmpty() != clear) {
            throw new IllegalArgumentException("where to? give either --to NAME or --clear");
        }
        return orders.reroute(clear ? null : to, yes, filter, session);
    }

    @Descriptor("takes back a hold, a release or a reroute")
    public String undo(CommandSession session, @Descriptor("id that the order gave") String id) {
        return orders.undo(Texts.id(id), session);
    }

    @Descriptor("makes everything deferred due now, and forgets back-off")
    public String flush(CommandSession session) {
        admin.flush(Orders.who(session));
        return "Everything deferred is due now.";
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
        boolean changed = admin.suspend(what, Orders.who(session));
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
        if (!admin.resume(what, Orders.who(session))) {
            throw new IllegalArgumentException(Reply.clean(what.toString()) + " is not suspended; see: transports");
        }
        return Reply.clean(what.toString())
                + " goes on; what was deferred meanwhile is tried at its time, or after: flush";
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
                admin.suspend(target, Orders.who(session))
                        ? "Nothing is taken in from " + name + " until: inbound begin"
                        : "Nothing was taken in from " + name + " before.";
            case "begin" ->
                admin.resume(target, Orders.who(session))
                        ? "What " + name + " brings is taken in."
                        : "What " + name + " brings was taken in before.";
            default -> throw new IllegalArgumentException("inbound begin TRANSPORT | inbound end TRANSPORT");
        };
    }
}
