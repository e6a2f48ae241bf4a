package io.spooler.smtp.listener;

import io.netty.util.NetUtil;
import io.spooler.Reply;
import io.spooler.settings.Network;
import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one listener, checked.
 *
 * @param address where to listen
 * @param role whom it is for
 * @param lmtp true to speak LMTP, false to speak SMTP
 * @param hostname how the listener calls itself
 * @param localDomains domains that a stranger may send to, lower case; may hold address literals in brackets
 * @param uncheckedDomains those of them whose recipients nobody here knows
 * @param relayNetworks whose clients may send to any domain
 * @param proxyNetworks load balancers, which name their clients by the PROXY protocol
 * @param limits the limits
 * @param greetingDelay how long a client has to wait for the banner
 * @param tls encrypts, or null where nothing does
 * @param lenient true to take addresses without brackets, a space before them, and underscores in domains
 */
record ListenerSettings(
        InetSocketAddress address,
        Role role,
        boolean lmtp,
        String hostname,
        Set<String> localDomains,
        Set<String> uncheckedDomains,
        List<Network> relayNetworks,
        List<Network> proxyNetworks,
        Limits limits,
        Duration greetingDelay,
        @Nullable ServerTls tls,
        boolean lenient) {

    private static final Pattern DOMAIN =
            Pattern.compile("[\\p{L}\\p{N}_-]+(\\.[\\p{L}\\p{N}_-]+)*|\\[[0-9A-Za-z.:]+]");
    private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");
    private static final String NETWORKS = "networks such as 192.0.2.0/24 or ::1";
    private static final int SMTP_PORT = 25;
    private static final int KIB = 1024;
    private static final int MIB = KIB * KIB;
    private static final int MANY = 1_000_000;

    /**
     * Reads the settings. May ask the system for its host name, and resolve {@code address} if it is a name; reads the
     * certificate.
     *
     * @throws SettingsException names every wrong value
     */
    static ListenerSettings read(String pid, Map<String, ?> properties) throws SettingsException {
        Settings s = Settings.of(pid, properties);
        Role role = Role.of(s.choice("role", "both", "both", "submission", "delivery"));
        Set<String> local = Set.copyOf(s.list("local_domains", "domain names", ListenerSettings::domain));
        boolean lmtp = s.choice("protocol", "smtp", "smtp", "lmtp").equals("lmtp");
        ListenerSettings result = new ListenerSettings(
                address(s, lmtp),
                role,
                lmtp,
                hostname(s),
                local,
                unchecked(s, local),
                relayNetworks(s, role),
                s.list("proxy_networks", NETWORKS, Network::parse),
                limits(s),
                s.duration("greeting_delay", Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1)),
                tls(s),
                s.flag("lenient", false));
        s.check();
        return result;
    }

    private static Set<String> unchecked(Settings s, Set<String> local) {
        List<String> domains = s.list("unchecked_domains", "domain names", ListenerSettings::domain);
        if (!local.containsAll(domains)) {
            s.refuse("unchecked_domains", String.join(", ", domains), "some of local_domains");
        }
        return Set.copyOf(domains);
    }

    private static Limits limits(Settings s) {
        return new Limits(
                s.size("max_message_size", 50L * MIB, KIB, 1L << 40),
                s.integer("max_recipients", 1000, 1, MANY),
                s.integer("max_connections", 1000, 1, MANY),
                s.integer("max_connections_per_client", 50, 1, MANY),
                s.integer("max_errors", 20, 1, MANY),
                s.integer("max_line", 2048, 512, MIB),
                (int) s.size("max_header_size", 100L * KIB, KIB, 100L * MIB),
                s.integer("max_hops", 50, 1, 1000),
                s.duration("command_timeout", Duration.ofMinutes(5), Duration.ofMillis(100), Duration.ofHours(1)));
    }

    private static InetSocketAddress address(Settings s, boolean lmtp) {
        String host = s.text("address", "127.0.0.1");
        int port = s.integer("port", 2525, 0, 65535);
        if (lmtp && port == SMTP_PORT) {
            // RFC 2033 section 5: other servers would take it for SMTP.
            s.refuse("port", "25", "any other where protocol is lmtp");
        }
        InetSocketAddress result = new InetSocketAddress(host, port);
        if (result.isUnresolved()) {
            s.refuse("address", host, "an IP address or a name of this machine");
        }
        return result;
    }

    private static List<Network> relayNetworks(Settings s, Role role) {
        List<Network> networks = s.list("relay_networks", NETWORKS, Network::parse);
        if (role == Role.DELIVERY && !networks.isEmpty()) {
            s.refuse("relay_networks", s.text("relay_networks", ""), "none where role is delivery");
        }
        return networks;
    }

    private static @Nullable ServerTls tls(Settings s) {
        TlsMode mode = TlsMode.of(s.choice("tls", "none", "none", "may", "encrypt", "implicit"));
        String certificate = s.text("tls_certificate", "");
        String key = s.text("tls_key", certificate);
        String password = s.text("tls_password", "");
        if (mode == TlsMode.NONE) {
            return null;
        }
        try {
            Path file = Path.of(certificate);
            return new ServerTls(mode, new KeyFiles(file, Path.of(key), password.isEmpty() ? null : password));
        } catch (IOException | GeneralSecurityException | InvalidPathException e) {
            String reason = Reply.clean(String.valueOf(e.getMessage()));
            s.refuse("tls_certificate", certificate, "a PEM or PKCS #12 file, with its key: " + reason);
            return null;
        }
    }

    private static String hostname(Settings s) {
        String name = s.text("hostname", "");
        if (name.isEmpty()) {
            return localHostName();
        }
        if (!HOSTNAME.matcher(name).matches()) {
            s.refuse("hostname", name, "a domain name");
        }
        return name;
    }

    private static String localHostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return HOSTNAME.matcher(name).matches() ? name : "localhost";
        } catch (UnknownHostException unnamed) {
            return "localhost";
        }
    }

    private static String domain(String text) {
        if (!DOMAIN.matcher(text).matches()) {
            throw new IllegalArgumentException("not a domain");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    /** When connections are encrypted. */
    TlsMode tlsMode() {
        return tls == null ? TlsMode.NONE : tls.mode();
    }

    /** Whether a client at this address may send to any domain. */
    boolean mayRelay(InetAddress client) {
        return anyContains(relayNetworks, client);
    }

    /** Whether a peer at this address is a load balancer. */
    boolean isProxy(InetAddress peer) {
        return anyContains(proxyNetworks, peer);
    }

    private static boolean anyContains(List<Network> networks, InetAddress address) {
        for (Network network : networks) {
            if (network.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** The listening address as people write it. */
    static String show(InetSocketAddress address) {
        return NetUtil.toSocketAddressString(address);
    }
}
