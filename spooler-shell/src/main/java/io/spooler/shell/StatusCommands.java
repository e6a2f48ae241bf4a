package io.spooler.shell;

import io.spooler.Address;
import io.spooler.Recipient;
import io.spooler.admin.SpoolAdmin;
import io.spooler.admin.SpoolStatus;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Looks at what is present: stores, transports, hooks, routes. No state, any thread. */
@Component(
        service = StatusCommands.class,
        immediate = true,
        property = {
            "osgi.command.scope=spooler",
            "osgi.command.function=status",
            "osgi.command.function=stores",
            "osgi.command.function=transports",
            "osgi.command.function=hooks",
            "osgi.command.function=route"
        })
public final class StatusCommands {

    private final SpoolAdmin admin;

    /**
     * Commands over the administration.
     *
     * @param admin the administration
     */
    @Activate
    public StatusCommands(@Reference SpoolAdmin admin) {
        this.admin = admin;
    }

    @Descriptor("shows how the whole is")
    public String status(
            @Descriptor("print JSON")
                    @Parameter(
                            names = {"-j", "--json"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean json) {
        SpoolStatus status = admin.status();
        return json ? Json.write(StatusView.json(status)) : StatusView.text(status);
    }

    @Descriptor("lists the message stores, the default one first")
    public String stores() {
        return StatusView.stores(admin.status().stores());
    }

    @Descriptor("lists the transports in the order in which they are asked, and what is suspended")
    public String transports() {
        return StatusView.transports(admin.status());
    }

    @Descriptor("lists the hooks in the order in which they run")
    public String hooks() {
        return StatusView.hooks(admin.status().hooks());
    }

    @Descriptor("shows which transports would carry an address, and why others would not; sends nothing")
    public String route(
            @Descriptor("octets of the message")
                    @Parameter(
                            names = {"-s", "--size"},
                            absentValue = "0")
                    long size,
            @Descriptor("name of the only transport that may carry it")
                    @Parameter(
                            names = {"-v", "--via"},
                            absentValue = "")
                    String via,
            @Descriptor("TYPE:value, or a mail address") String address) {
        Recipient recipient = Recipient.of(Address.parse(address)).withTransport(via.isEmpty() ? null : via);
        return RouteView.text(recipient, size, admin.route(recipient, size));
    }
}
