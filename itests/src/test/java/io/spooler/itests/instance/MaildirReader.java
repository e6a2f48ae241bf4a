package io.spooler.itests.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Debian's Dovecot as an IMAP server over a copy of Maildirs that somebody else writes, asked by Python's imaplib. A copy, since
 * it serves nobody whose files are root's, as those of a test may be.
 */
final class MaildirReader implements AutoCloseable {

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

    private final Dovecot dovecot;
    private final Path script;
    private final Path root;

    private MaildirReader(Dovecot dovecot, Path script, Path root) {
        this.dovecot = dovecot;
        this.script = script;
        this.root = root;
    }

    /** Skips the test, loudly, where there is none. */
    static void require() {
        Program.tool("python3", "apt-get install python3");
        Dovecot.require();
    }

    /** Serves the Maildirs below a root; in a directory of its own. */
    static MaildirReader start(Path directory, Path root) throws IOException {
        Dovecot dovecot = Dovecot.start(directory);
        return new MaildirReader(dovecot, Files.writeString(directory.resolve("read.py"), CLIENT), root);
    }

    /** A message as the server gives it. */
    record Shown(boolean seen, String text) {}

    private void copy() throws IOException {
        Path mail = dovecot.mail();
        try (Stream<Path> former = Files.walk(mail)) {
            for (Path path : former.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                Path copy = mail.resolve(root.relativize(path).toString());
                Files.copy(path, copy);
                Dovecot.own(copy);
            }
        }
    }

    /** All messages of a folder as they are now, by their numbers. Nobody may be writing them. */
    Map<Integer, Shown> read(String mailbox, String folder) throws IOException {
        copy();
        Process client = new ProcessBuilder(
                        "python3",
                        script.toString(),
                        Integer.toString(dovecot.port("imap")),
                        mailbox,
                        Dovecot.PASSWORD,
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
        dovecot.close();
    }
}
