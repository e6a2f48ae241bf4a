package io.spooler.smtp.client;

import io.netty.util.NetUtil;
import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one client, checked.
 *
 * @param relays the servers; empty for direct delivery
 * @param port where mail exchangers listen, for direct delivery
 * @param dns which name servers to ask for direct delivery; empty for those of this machine
 * @param dnsTrusted whether they are to be believed what they say of DNSSEC, wherever they are
 * @param perDestination most connections to one destination at a time, for direct delivery
 * @param lmtp whether they speak LMTP (RFC 2033)
 * @param patterns which mail addresses it is for; {@code *} for all
 * @param ranking the higher the earlier it is asked among transports that match equally
 * @param concurrency most connections at a time
 * @param tls what is wanted of encryption
 * @param login who logs in, or null
 * @param helo the name to greet with
 * @param connectTimeout for the connection, and again for TLS
 * @param replyTimeout for each reply
 * @param idleTimeout after which an unused connection is closed
 * @param maxMessages after so many messages a connection is closed
 */
record ClientSettings(
        List<Relay> relays,
        int port,
        List<InetSocketAddress> dns,
        boolean dnsTrusted,
        int perDestination,
        boolean lmtp,
        List<String> patterns,
        int ranking,
        int concurrency,
        TlsSettings tls,
        @Nullable Credentials login,
        String helo,
        Duration connectTimeout,
        Duration replyTimeout,
        Duration idleTimeout,
        int maxMessages) {

    static final String PID = "io.spooler.smtp.client";

    private static final int SMTP_PORT = 25;
    private static final int LMTP_PORT = 24;
    private static final int TLS_PORT = 465;
    private static final int DNS_PORT = 53;

    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration CONNECT = Duration.ofSeconds(30);
    /** RFC 5321 section 4.5.3.2 asks for five minutes, ten after the final dot; the deadline of a message is shorter. */
    private static final Duration REPLY = Duration.ofMinutes(5);

    private static final Duration IDLE = Duration.ofSeconds(10);

    /**
     * Reads and checks.
     *
     * @param properties of the component
     * @return the settings
     * @throws SettingsException if one is wrong
     */
    static ClientSettings read(Map<String, ?> properties) throws SettingsException {
        Settings s = Settings.of(PID, properties);
        boolean lmtp = s.choice("protocol", "smtp", "smtp", "lmtp").equals("lmtp");
        TlsSettings tls = TlsSettings.read(s);
        boolean direct = s.flag("direct", false);
        int port = s.integer("port", lmtp ? LMTP_PORT : tls.implicit() ? TLS_PORT : SMTP_PORT, 1, 65_535);
        List<Relay> relays = relays(s, port, direct);
        if (direct && lmtp) {
            s.refuse("protocol", "lmtp", "smtp where direct is set");
        }
        if (!direct && tls.policy().isOfDomains()) {
            s.refuse("tls", tls.policy().word(), "none, may, encrypt or verify where direct is not set");
        }
        boolean isLocal = !relays.isEmpty() && relays.stream().allMatch(Relay::isLoopback);
        ClientSettings settings = new ClientSettings(
                relays,
                port,
                s.list("dns", "addresses of name servers, ADDRESS or ADDRESS:PORT", ClientSettings::nameServer),
                s.flag("dns_trusted", false),
                s.integer("destination_concurrency", 5, 1, 1_000),
                lmtp,
                patterns(s),
                s.integer("ranking", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                s.integer("concurrency", direct ? 200 : 20, 1, 1_000),
                tls,
                Credentials.read(s, tls.policy() == TlsPolicy.NONE && !isLocal),
                helo(s),
                s.duration("connect_timeout", CONNECT, LEAST, REPLY),
                s.duration("reply_timeout", REPLY, LEAST, Duration.ofHours(1)),
                s.duration("idle_timeout", IDLE, LEAST, REPLY),
                s.integer("max_messages_per_connection", 1_000, 1, Integer.MAX_VALUE));
        s.check();
        return settings;
    }

    private static List<Relay> relays(Settings s, int port, boolean direct) {
        List<Relay> relays = new ArrayList<>();
        List<List<Relay>> ranks = s.list("host", Relay.ALLOWED, text -> Relay.parse(text, port));
        for (int rank = 0; rank < ranks.size(); rank++) {
            for (Relay relay : ranks.get(rank)) {
                relays.add(relay.withRank(rank));
            }
        }
        if (relays.isEmpty() != direct) {
            s.refuse("host", s.text("host", ""), "the name or address of a server, or none where direct is set");
        }
        return List.copyOf(relays);
    }

    private static InetSocketAddress nameServer(String text) {
        Relay server = Relay.parse(text, DNS_PORT).get(0);
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(server.host());
        try {
            if (octets == null) {
                throw new IllegalArgumentException(text);
            }
            return new InetSocketAddress(InetAddress.getByAddress(octets), server.port());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static List<String> patterns(Settings s) {
        List<String> patterns = s.list("patterns", "* or patterns of mail addresses such as *@example.org", p -> {
            if (!p.equals("*") && (p.indexOf('@') < 0 || p.indexOf(':') >= 0)) {
                throw new IllegalArgumentException(p);
            }
            return p;
        });
        return patterns.isEmpty() ? List.of("*") : patterns;
    }

    private static String helo(Settings s) {
        String name = s.text("helo", localName());
        if (name.chars().anyMatch(c -> c <= ' ' || c > 126)) {
            s.refuse("helo", name, "a host name, or an address in brackets");
        }
        return name;
    }

    private static String localName() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return name.chars().allMatch(Relay::isHostCharacter) ? name : "localhost";
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Whether mail goes to the mail exchangers of its domains. */
    boolean direct() {
        return relays.isEmpty();
    }

    /** For logs and status. */
    String server() {
        return direct()
                ? "direct delivery"
                : relays.stream().map(Relay::toString).collect(Collectors.joining(", "));
    }
}
