package io.spooler.shell;

import io.spooler.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.felix.service.command.CommandSession;

/** Who sends from a shell (R49). Pure, but for the name of the machine. */
final class Identity {

    private static final String VARIABLE = "SENDER";
    private static final String UNKNOWN = "unknown@";

    private Identity() {}

    /**
     * The sender of what is sent in a session.
     *
     * @param session its variable SENDER is an address, with a name in front perhaps
     * @return that address; without one {@code unknown@} and the name of the machine
     * @throws IllegalArgumentException if the variable is no address
     */
    static Address of(CommandSession session) {
        Object sender = session.get(VARIABLE);
        return sender == null ? Address.smtp(UNKNOWN + host()) : Address.resolve(sender.toString());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
