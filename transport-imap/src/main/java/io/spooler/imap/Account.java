package io.spooler.imap;

import io.spooler.settings.Secret;
import io.spooler.settings.Settings;
import io.spooler.settings.SettingsException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one account, checked.
 *
 * @param pop whether POP3 is spoken, and not IMAP
 * @param host name or address of the server
 * @param port where it listens
 * @param tls what is wanted of encryption
 * @param implicit whether TLS begins with the connection (RFC 8314), not by STARTTLS
 * @param trust whom to trust; null where there is no TLS
 * @param user who logs in
 * @param password opens the mailbox
 * @param clearText whether the password may go over a connection without TLS beyond this machine
 * @param folder of the server
 * @param mailbox where messages go
 * @param into folder of that mailbox; empty means by the class of the message
 * @param headers whether only headers come in, until more is ordered (R58)
 * @param after what becomes of the message on the server once its copy is safe
 * @param maxSize larger ones are left there, octets
 * @param interval between two looks
 * @param idle whether to stay connected and be told, where the server can
 * @param connectTimeout for the connection
 * @param replyTimeout longest silence
 */
record Account(
        boolean pop,
        String host,
        int port,
        Tls tls,
        boolean implicit,
        @Nullable Trust trust,
        String user,
        Secret password,
        boolean clearText,
        String folder,
        String mailbox,
        String into,
        boolean headers,
        After after,
        long maxSize,
        Duration interval,
        boolean idle,
        Duration connectTimeout,
        Duration replyTimeout) {

    static final String PID = "io.spooler.imap";

    private static final int MAX_NAME = 255;
    private static final long MOST_SIZE = 1L << 40;
    private static final long SIZE = 50L << 20;
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** What is wanted of encryption. */
    enum Tls {
        /** Never. */
        NONE,
        /** Always, whoever the server is. */
        ENCRYPT,
        /** Always, and only with a server whose certificate is trusted and names the host. */
        VERIFY
    }

    /** What becomes of the message on the server once its copy is safe. */
    enum After {
        /** It stays as it is. */
        LEAVE,
        /** It stays, and is marked. */
        SEEN,
        /** It goes. */
        DELETE
    }

    /**
     * Reads and checks.
     *
     * @param properties of the component
     * @return the settings
     * @throws SettingsException if one is wrong
     */
    static Account read(Map<String, ?> properties) throws SettingsException {
        Settings s = Settings.of(PID, properties);
        boolean pop = s.choice("protocol", "imap", "imap", "pop3").equals("pop3");
        Tls tls = Tls.valueOf(
                s.choice("tls", "verify", "none", "encrypt", "verify").toUpperCase(Locale.ROOT));
        boolean implicit = s.flag("tls_implicit", tls != Tls.NONE);
        String host = name(s, "host");
        Account account = new Account(
                pop,
                host,
                s.integer("port", port(pop, implicit), 1, 65_535),
                tls,
                implicit,
                trust(s, tls),
                name(s, "user"),
                new Secret(s.text("password", "")),
                s.flag("auth_clear_text", false),
                s.text("folder", "INBOX"),
                name(s, "mailbox"),
                s.text("into", ""),
                s.choice("mode", "full", "full", "headers").equals("headers"),
                After.valueOf(
                        s.choice("after", "leave", "leave", "seen", "delete").toUpperCase(Locale.ROOT)),
                s.size("max_size", SIZE, 1, MOST_SIZE),
                s.duration("interval", Duration.ofMinutes(1), LEAST, DAY),
                s.flag("idle", true),
                s.duration("connect_timeout", Duration.ofSeconds(30), LEAST, MOST),
                s.duration("reply_timeout", Duration.ofMinutes(1), LEAST, MOST));
        account.check(s);
        s.check();
        return account;
    }

    private static int port(boolean pop, boolean implicit) {
        if (pop) {
            return implicit ? 995 : 110;
        }
        return implicit ? 993 : 143;
    }

    private static String name(Settings s, String key) {
        String name = s.text(key, "");
        if (name.isEmpty() || !isName(name)) {
            s.refuse(key, name, "1 to 255 characters, no control characters");
        }
        return name;
    }

    private static boolean isName(String text) {
        return text.length() <= MAX_NAME && text.chars().noneMatch(Character::isISOControl);
    }

    private static @Nullable Trust trust(Settings s, Tls tls) {
        String file = s.text("tls_ca", "");
        try {
            return tls == Tls.NONE ? null : Trust.of(tls == Tls.VERIFY, file.isEmpty() ? null : Path.of(file));
        } catch (IOException | InvalidPathException e) {
            s.refuse("tls_ca", file, "a readable file of certificates in PEM form");
            return null;
        }
    }

    private void check(Settings s) {
        if (password.isEmpty() || password.reveal().chars().anyMatch(Character::isISOControl)) {
            s.refuse("password", "", "a reference such as $[secret:NAME]");
        }
        if (implicit && tls == Tls.NONE) {
            s.refuse("tls", "none", "encrypt or verify where tls_implicit is set: there is no clear text");
        }
        if (tls == Tls.NONE && !clearText && !isLoopback()) {
            s.refuse("tls", "none", "encrypt or verify: no password in clear text");
        }
        if (headers && after != After.LEAVE) {
            s.refuse(
                    "after",
                    after.name().toLowerCase(Locale.ROOT),
                    "leave where mode is headers: what is wanted is ordered");
        }
        if (pop && after == After.SEEN) {
            s.refuse("after", "seen", "leave or delete where protocol is pop3, which has no marks");
        }
        if (!isName(into)) {
            s.refuse("into", into, "the name of a folder");
        }
        if (!folder.chars().allMatch(c -> c >= ' ' && c < 127) || folder.length() > MAX_NAME) {
            s.refuse("folder", folder, "the name of a folder as the server has it: ASCII, or modified UTF-7");
        }
    }

    private boolean isLoopback() {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    /** Names the remote mailbox; whoever changes that fetches from another one. */
    String source(String transport) {
        return transport + " " + server() + (pop ? "" : "/" + folder);
    }

    /** For logs and status. */
    String server() {
        return user + "@" + host + ":" + port;
    }
}
