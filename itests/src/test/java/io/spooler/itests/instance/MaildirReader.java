package io.spooler.itests.instance;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Debian's Dovecot as an IMAP server over a copy of Maildirs that somebody else writes, asked by Python's imaplib. A copy, since
 * it serves nobody whose files are root's, as those of a test may be.
 */
final class MaildirReader implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "of-all";

    private static final String SETTINGS = """
            base_dir = @DIRECTORY@/run
            state_dir = @DIRECTORY@/state
            log_path = @DIRECTORY@/log
            protocols = imap
            listen = 127.0.0.1
            ssl = no
            disable_plaintext_auth = no
            first_valid_uid = 1
            first_valid_gid = 0
            mail_location = maildir:@DIRECTORY@/mail/%Lu
            service anvil {
              chroot =
            }
            service stats {
              chroot =
            }
            service imap-login {
              chroot =
              inet_listener imap {
                port = @PORT@
              }
              inet_listener imaps {
                port = 0
              }
            }
            passdb {
              driver = static
              args = password=@PASSWORD@
            }
            userdb {
              driver = static
              args = uid=@UID@ gid=@GID@ home=@DIRECTORY@
            }
            """;

    private static final String CLIENT = """
            import base64, imaplib, sys
            box = imaplib.IMAP4('127.0.0.1', int(sys.argv[1]))
            box.login(sys.argv[2], sys.argv[3])
            box.select('"' + sys.argv[4] + '"', readonly=True)
            _, found = box.search(None, 'ALL')
            for number in found[0].split():
                _, parts = box.fetch(number, '(FLAGS BODY.PEEK[])')
                seen = b'\\\\Seen' in parts[0][0] or b'\\\\Seen' in parts[-1]
                print(number.decode(), 'S' if seen else '-', base64.b64encode(parts[0][1]).decode())
            box.logout()
            """;

    private final Process process;
    private final Path directory;
    private final Path root;
    private final int port;

    private MaildirReader(Process process, Path directory, Path root, int port) {
        this.process = process;
        this.directory = directory;
        this.root = root;
        this.port = port;
    }

    /** Skips the test, loudly, where there is none. */
    static String require() {
        Program.tool("python3", "apt-get install python3");
        return Program.tool(
                "dovecot",
                path -> Files.isExecutable(Path.of("/usr/lib/dovecot/imap")),
                "apt-get install dovecot-imapd");
    }

    /** Serves the Maildirs below a root; in a directory of its own. */
    static MaildirReader start(Path directory, Path root) throws IOException {
        String program = require();
        int port = Ports.free();
        Files.createDirectories(directory.resolve("mail"));
        for (Path path : List.of(directory.resolveSibling(""), directory)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        own(directory.resolve("mail"));
        Path settings = Files.writeString(directory.resolve("dovecot.conf"), settings(directory, port));
        Process process = new ProcessBuilder(program, "-F", "-c", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        Files.writeString(directory.resolve("read.py"), CLIENT);
        await("dovecot to answer").atMost(PATIENCE).until(() -> greets(port));
        return new MaildirReader(process, directory, root, port);
    }

    private static String settings(Path directory, int port) throws IOException {
        String me = System.getProperty("user.name");
        String users = me.equals("root") ? "" : "default_internal_user = " + me + "\ndefault_login_user = " + me + "\n";
        return users
                + SETTINGS.replace("@DIRECTORY@", directory.toString())
                        .replace("@PORT@", Integer.toString(port))
                        .replace("@PASSWORD@", PASSWORD)
                        .replace(
                                "@UID@",
                                Files.getAttribute(directory.resolve("mail"), "unix:uid")
                                        .toString())
                        .replace(
                                "@GID@",
                                Files.getAttribute(directory.resolve("mail"), "unix:gid")
                                        .toString());
    }

    private static boolean greets(int port) {
        try (Socket socket = new Socket(Ports.loopback(), port)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return socket.getInputStream().read() == '*';
        } catch (IOException e) {
            return false;
        }
    }

    /** A message as the server gives it. */
    record Shown(boolean seen, String text) {}

    private static void own(Path path) throws IOException {
        if (System.getProperty("user.name").equals("root")) {
            Files.setOwner(
                    path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
    }

    private void copy() throws IOException {
        Path mail = directory.resolve("mail");
        try (Stream<Path> former = Files.walk(mail)) {
            for (Path path : former.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                Path copy = mail.resolve(root.relativize(path).toString());
                Files.copy(path, copy);
                own(copy);
            }
        }
    }

    /** All messages of a folder as they are now, by their numbers. Nobody may be writing them. */
    Map<Integer, Shown> read(String mailbox, String folder) throws IOException {
        copy();
        Process client = new ProcessBuilder(
                        "python3",
                        directory.resolve("read.py").toString(),
                        Integer.toString(port),
                        mailbox,
                        PASSWORD,
                        folder)
                .redirectErrorStream(true)
                .start();
        Map<Integer, Shown> shown = new TreeMap<>();
        Program.end(client).ok().lines().forEach(line -> {
            String[] words = line.split(" ", 3);
            String text = new String(
                    java.util.Base64.getDecoder().decode(words[2]), java.nio.charset.StandardCharsets.ISO_8859_1);
            shown.put(Integer.valueOf(words[0]), new Shown(words[1].equals("S"), text));
        });
        return shown;
    }

    @Override
    public void close() {
        // The master ends its children.
        process.destroy();
        process.onExit()
                .orTimeout(PATIENCE.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }
}
