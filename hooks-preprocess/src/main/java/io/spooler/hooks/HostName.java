package io.spooler.hooks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** How this host is called in what it writes into messages. */
final class HostName {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    private HostName() {}

    /** Asks the system. */
    static String local() {
        try {
            return checked(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** What is no name of a host is {@code localhost}. */
    static String checked(String host) {
        return HOST.matcher(host).matches() ? host : "localhost";
    }
}
