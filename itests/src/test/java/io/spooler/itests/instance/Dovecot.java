package io.spooler.itests.instance;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Debian's Dovecot as IMAP and POP3 server over Maildirs, in a directory of its own. Any user may log in with one password. */
final class Dovecot implements AutoCloseable {

    static final String PASSWORD = "secret-of-all";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MAIL_USER = "nobody";
    private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

    private final Process process;
    private final Path directory;
    private final int imap;
    private final int pop3;

    private Dovecot(Process process, Path directory, int imap, int pop3) {
        this.process = process;
        this.directory = directory;
        this.imap = imap;
        this.pop3 = pop3;
    }

    /** Skips the test, loudly, where there is no Dovecot with both protocols. */
    static String require() {
        return Program.tool(
                "dovecot",
                path -> Files.isExecutable(Path.of("/usr/lib/dovecot/imap"))
                        && Files.isExecutable(Path.of("/usr/lib/dovecot/pop3")),
                "apt-get install dovecot-imapd dovecot-pop3d");
    }

    /** Starts it in a directory that whoever serves the mailboxes can reach. */
    static Dovecot start(Path directory) throws IOException {
        String program = require();
        int imap = Ports.free();
        int pop3 = Ports.free();
        Files.createDirectories(directory.resolve("mail"));
        for (Path path : List.of(directory.getParent(), directory, directory.resolve("mail"))) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        own(directory.resolve("mail"));
        Path settings = Files.writeString(directory.resolve("dovecot.conf"), settings(directory, imap, pop3));
        Process process = new ProcessBuilder(program, "-F", "-c", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        Dovecot dovecot = new Dovecot(process, directory, imap, pop3);
        await("dovecot to answer").atMost(PATIENCE).until(() -> greets(imap, "* OK") && greets(pop3, "+OK"));
        return dovecot;
    }

    private static String settings(Path directory, int imap, int pop3) throws IOException {
        String me = System.getProperty("user.name");
        Object uid = Files.getAttribute(directory.resolve("mail"), "unix:uid");
        Object gid = Files.getAttribute(directory.resolve("mail"), "unix:gid");
        String users = IS_ROOT ? "" : "default_internal_user = " + me + "\ndefault_login_user = " + me + "\n";
        return users + """
                base_dir = %1$s/run
                state_dir = %1$s/state
                log_path = %1$s/log
                protocols = imap pop3
                listen = 127.0.0.1
                ssl = no
                disable_plaintext_auth = no
                first_valid_uid = 1
                first_valid_gid = 0
                mail_location = maildir:%1$s/mail/%%Lu
                mail_fsync = never
                pop3_no_flag_updates = yes
                service anvil {
                  chroot =
                }
                service stats {
                  chroot =
                }
                service imap-login {
                  chroot =
                  inet_listener imap {
                    port = %2$d
                  }
                  inet_listener imaps {
                    port = 0
                  }
                }
                service pop3-login {
                  chroot =
                  inet_listener pop3 {
                    port = %3$d
                  }
                  inet_listener pop3s {
                    port = 0
                  }
                }
                passdb {
                  driver = static
                  args = password=%4$s
                }
                userdb {
                  driver = static
                  args = uid=%5$s gid=%6$s home=%1$s/mail/%%Lu
                }
                """.formatted(directory, imap, pop3, PASSWORD, uid, gid);
    }

    /** Gives a file to whoever serves the mailboxes. */
    static void own(Path path) throws IOException {
        if (IS_ROOT) {
            Files.setOwner(
                    path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(MAIL_USER));
        }
    }

    private static boolean greets(int port, String greeting) {
        try (Socket socket = new Socket(Ports.loopback(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            String line = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
                    .readLine();
            return line != null && line.startsWith(greeting);
        } catch (IOException e) {
            return false;
        }
    }

    int port(String protocol) {
        return protocol.equals("imap") ? imap : pop3;
    }

    /** Where the mailboxes are. */
    Path mail() {
        return directory.resolve("mail");
    }

    /** Puts messages into the mailbox of a user, who has none yet. */
    void fill(String user, int messages) throws IOException {
        fill(user, 0, messages);
    }

    /** Puts messages of these numbers into the mailbox of a user. */
    void fill(String user, int from, int to) throws IOException {
        Path mailbox = directory.resolve("mail").resolve(user);
        for (String name : List.of("", "tmp", "cur", "new")) {
            own(Files.createDirectories(mailbox.resolve(name)));
        }
        for (int i = from; i < to; i++) {
            String text = "From: bob@example.org\r\nMessage-ID: <" + i + "@example.org>\r\nSubject: number " + i
                    + ".\r\n\r\nText\r\n.\r\n" + "x".repeat(70).concat("\r\n").repeat(i % 50);
            own(Files.writeString(mailbox.resolve("new").resolve(1_700_000_000L + i + ".M" + i + ".test"), text));
        }
    }

    /**
     * Lets it forget which ids it gave to the messages of a user, as after a repair: all get others, under another UIDVALIDITY. Nobody
     * may be looking at them.
     */
    void forgetIds(String user) throws IOException {
        String before = validity(user);
        try (Stream<Path> files = Files.list(mail().resolve(user))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        await("a second in which another UIDVALIDITY begins")
                .atMost(PATIENCE)
                .until(() -> !before.equals("V" + System.currentTimeMillis() / 1000));
    }

    /** The UIDVALIDITY of a user's mailbox, as it stands in the list of ids. */
    String validity(String user) throws IOException {
        return Files.readAllLines(mail().resolve(user).resolve("dovecot-uidlist"))
                .get(0)
                .split(" ", -1)[1];
    }

    /** How many messages a user has. */
    int count(String user) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String name : List.of("cur", "new")) {
            Path place = directory.resolve("mail").resolve(user).resolve(name);
            if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                try (Stream<Path> files = Files.list(place)) {
                    files.forEach(found::add);
                }
            }
        }
        return found.size();
    }

    String log() throws IOException {
        Path log = directory.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "no log";
    }

    /** Its master ends its other processes. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("dovecot did not end");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
