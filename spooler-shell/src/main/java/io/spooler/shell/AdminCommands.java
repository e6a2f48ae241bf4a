package io.spooler.shell;

import io.spooler.Spooler;
import io.spooler.admin.Order.Action;
import io.spooler.admin.SpoolAdmin;
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
            "osgi.command.function=undo"
        })
public final class AdminCommands {

    private static final String WHOM = "a filter as of: queue, or the id of a message, or: all";
    private static final String YES = "do it, also to more than one message";

    private final Orders orders;

    /**
     * Commands over services.
     *
     * @param admin the administration
     * @param spooler to know whether a message exists
     */
    @Activate
    public AdminCommands(@Reference SpoolAdmin admin, @Reference Spooler spooler) {
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
}
