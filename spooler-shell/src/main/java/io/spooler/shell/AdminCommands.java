package io.spooler.shell;

import io.spooler.SpoolId;
import io.spooler.Spooler;
import io.spooler.admin.SpoolAdmin;
import io.spooler.store.QueueFilter;
import org.apache.felix.service.command.Descriptor;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Changes the queue: one message or all. No state, any thread; blocks for the store. */
@Component(
        service = AdminCommands.class,
        immediate = true,
        property = {
            "osgi.command.scope=spooler",
            "osgi.command.function=hold",
            "osgi.command.function=release",
            "osgi.command.function=retry",
            "osgi.command.function=cancel",
            "osgi.command.function=flush"
        })
public final class AdminCommands {

    private static final String WHICH = "id of the message, or: all";

    private final SpoolAdmin admin;
    private final Spooler spooler;

    /**
     * Commands over services.
     *
     * @param admin the administration
     * @param spooler to know whether a message exists
     */
    @Activate
    public AdminCommands(@Reference SpoolAdmin admin, @Reference Spooler spooler) {
        this.admin = admin;
        this.spooler = spooler;
    }

    /** One of the bulk operations. */
    private interface Operation {
        int on(QueueFilter filter, @Nullable SpoolId id);
    }

    private String all(String which, String done, Operation operation) {
        SpoolId id = which.equals(Texts.ALL) ? null : Texts.id(which);
        if (id != null && spooler.find(id).isEmpty()) {
            throw Texts.unknown(id);
        }
        return Texts.count(operation.on(QueueFilter.ALL, id), "recipient") + " " + done;
    }

    @Descriptor("holds recipients: no attempt until they are released")
    public String hold(@Descriptor(WHICH) String which) {
        return all(which, "held", admin::hold);
    }

    @Descriptor("ends a hold")
    public String release(@Descriptor(WHICH) String which) {
        return all(which, "released", admin::release);
    }

    @Descriptor("makes deferred and waiting recipients due now")
    public String retry(@Descriptor(WHICH) String which) {
        return all(which, "due now", admin::retry);
    }

    @Descriptor("cancels what is not delivered yet; nobody is told")
    public String cancel(@Descriptor(WHICH) String which) {
        return all(which, "cancelled", admin::cancel);
    }

    @Descriptor("makes everything deferred or waiting due now, and forgets back-off")
    public String flush() {
        admin.flush();
        return "Everything deferred or waiting is due now.";
    }
}
