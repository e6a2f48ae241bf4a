package io.spooler.dkim;

import io.spooler.settings.Network;
import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The settings of the verifier, checked.
 *
 * @param host what it calls this system in results
 * @param networks whose clients are ours
 * @param dns which name servers to ask; empty for those of this machine
 * @param timeout how long to wait for the keys of one message
 */
record VerifierSettings(String host, List<Network> networks, List<InetSocketAddress> dns, Duration timeout) {

    static final String PID = "io.spooler.dkim.verifier";

    private static final int DNS_PORT = 53;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofSeconds(30);

    /**
     * Reads and checks.
     *
     * @param properties of the component
     * @return the settings
     * @throws SettingsException if one is wrong
     */
    static VerifierSettings read(Map<String, ?> properties) throws SettingsException {
        Settings s = Settings.of(PID, properties);
        String host = s.text("authserv_id", HostName.local());
        if (!Mark.isHost(host)) {
            s.refuse("authserv_id", host, "the name of a host");
        }
        VerifierSettings read = new VerifierSettings(
                host,
                SignerSettings.networks(s),
                s.list("dns", "addresses of name servers, ADDRESS or ADDRESS:PORT", VerifierSettings::nameServer),
                s.duration("dns_timeout", TIMEOUT, LEAST, MOST));
        s.check();
        return read;
    }

    private static InetSocketAddress nameServer(String text) {
        boolean bracket = text.startsWith("[") && text.contains("]");
        String host = bracket ? text.substring(1, text.indexOf(']')) : text.replaceFirst("^([^:]*):\\d+$", "$1");
        String rest = bracket ? text.substring(text.indexOf(']') + 1) : text.substring(host.length());
        int port = rest.isEmpty() ? DNS_PORT : Integer.parseInt(rest.substring(1));
        return new InetSocketAddress(Network.address(host), port);
    }
}
