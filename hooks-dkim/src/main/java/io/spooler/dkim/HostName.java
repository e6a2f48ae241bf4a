package io.spooler.dkim;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** How this host is called. */
final class HostName {

    private HostName() {}

    /** Asks the system; what is no name of a host is {@code localhost}. */
    static String local() {
        try {
            String host = InetAddress.getLocalHost().getHostName();
            return Mark.isHost(host) ? host : "localhost";
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
