package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spooler.testkit.smtp.Mail;
import io.spooler.testkit.smtp.SmtpPeer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generated messages through us and through Postfix: what each hands on is the same envelope and the same octets as what
 * came in, apart from header lines in front. {@code -Dspooler.samples=5000} for many, {@code -Dspooler.seed=N} for others.
 */
@Timeout(3600)
class DifferentialIT {

    private static final int SAMPLES = Integer.getInteger("spooler.samples", 200);
    private static final long SEED = Long.getLong("spooler.seed", 1);
    private static final Duration PATIENCE = Duration.ofSeconds(60 + SAMPLES / 5);
    private static final String RECEIVED = "Received: [^\\r]*\\r\\n(?:[ \\t][^\\r]*\\r\\n)*";
    /** What the distribution's hook puts in front where it is missing. */
    private static final String ADDED = "(?:Message-ID: [^\\r]*\\r\\n)?(?:Date: [^\\r]*\\r\\n)?";

    @TempDir
    Path temp;

    @Test
    void nothingButTheTraceDiffers() throws IOException {
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        int port = Ports.free();
        try (SmtpPeer ours = SmtpPeer.start();
                SmtpPeer theirs = SmtpPeer.start();
                Mta postfix = postfix(port, theirs.port());
                Instance instance =
                        Instance.in(temp.resolve("us")).smartHost(ours.port()).start()) {
            for (int i = 0; i < SAMPLES; i += 100) {
                send(port, i);
                send(instance.port(), i);
            }
            Map<Integer, Handed> byPostfix =
                    await("all from " + postfix).atMost(PATIENCE).until(() -> handed(theirs), all -> isComplete(all));
            Map<Integer, Handed> byUs = await("all from us, " + instance.output())
                    .atMost(PATIENCE)
                    .until(() -> handed(ours), all -> isComplete(all));
            List<String> differences = new ArrayList<>();
            for (int i = 0; i < SAMPLES; i++) {
                Sample sample = Sample.of(SEED, i);
                compare("us", sample, byUs.get(i), ADDED + RECEIVED, differences);
                compare("Postfix", sample, byPostfix.get(i), RECEIVED, differences);
            }
            assertThat(differences).as("seed %d", SEED).isEmpty();
        }
    }

    /** Without what it would rewrite, add, drop or fold by default. */
    private Mta postfix(int port, int sink) throws IOException {
        return Postfix.start(Files.createDirectories(temp.resolve("postfix")), port, """
                myhostname = peer.test
                relayhost = [127.0.0.1]:%d
                append_at_myorigin = no
                append_dot_mydomain = no
                swap_bangpath = no
                allow_percent_hack = no
                message_drop_headers =
                smtp_line_length_limit = 0
                header_size_limit = 1024000
                default_destination_recipient_limit = 1000
                smtpd_recipient_limit = 1000
                initial_destination_concurrency = 20
                """.formatted(sink));
    }

    private static void send(int port, int first) throws IOException {
        try (Smtp smtp = Smtp.to(port)) {
            for (int i = first; i < Math.min(SAMPLES, first + 100); i++) {
                Sample sample = Sample.of(SEED, i);
                ok(smtp.sayInternational(
                        "MAIL FROM:<" + sample.from() + "> BODY=8BITMIME" + (sample.utf8() ? " SMTPUTF8" : "")));
                for (String to : sample.to()) {
                    ok(smtp.sayInternational("RCPT TO:<" + to + ">"));
                }
                assertThat(smtp.say("DATA")).startsWith("354");
                ok(smtp.content(sample.content()));
            }
        }
    }

    private static void ok(String reply) {
        assertThat(reply).startsWith("250");
    }

    /** By the number of the sample. */
    private static Map<Integer, Handed> handed(SmtpPeer sink) {
        Map<Integer, Handed> all = new HashMap<>();
        for (Mail mail : sink.mails()) {
            int number = Sample.number(mail.to().get(0));
            all.computeIfAbsent(number, n -> new Handed(new ArrayList<>()))
                    .mails()
                    .add(mail);
        }
        return all;
    }

    private static boolean isComplete(Map<Integer, Handed> all) {
        return all.size() == SAMPLES
                && all.entrySet().stream()
                        .allMatch(e -> e.getValue().recipients().size()
                                >= Sample.of(SEED, e.getKey()).to().size());
    }

    private static void compare(String who, Sample sample, Handed handed, String trace, List<String> differences) {
        String name = who + ", number " + sample.number() + ": ";
        if (!new TreeSet<>(handed.recipients()).equals(new TreeSet<>(sample.to()))
                || handed.recipients().size() != sample.to().size()) {
            differences.add(name + "recipients " + handed.recipients() + " of " + sample.to());
        }
        String original = Letter.latin1(sample.content());
        for (Mail mail : handed.mails()) {
            if (!mail.from().startsWith("MAIL FROM:<" + sample.from() + ">")) {
                differences.add(name + mail.from() + " for " + sample.from());
            }
            String content = Letter.latin1(mail.content());
            int front = content.length() - original.length();
            if (front < 0 || !content.endsWith(original)) {
                differences.add(name + difference(content, original));
            } else if (!content.substring(0, front).matches(trace + "(?:\r\n)?")) {
                differences.add(name + "in front: " + content.substring(0, front));
            }
        }
    }

    /** From the first octet on that is not as it was, seen from the end. */
    private static String difference(String content, String original) {
        int same = 0;
        while (same < Math.min(content.length(), original.length())
                && content.charAt(content.length() - 1 - same) == original.charAt(original.length() - 1 - same)) {
            same++;
        }
        return "before the last " + same + " octets: " + end(content, same) + "\ninstead of " + end(original, same);
    }

    private static String end(String text, int same) {
        int end = text.length() - same;
        return new String(
                text.substring(Math.max(0, end - 100), Math.min(text.length(), end + 20))
                        .getBytes(StandardCharsets.ISO_8859_1),
                StandardCharsets.US_ASCII);
    }

    /** What came of one sample; several mails if its recipients were parted. */
    private record Handed(List<Mail> mails) {

        List<String> recipients() {
            return mails.stream()
                    .flatMap(mail -> mail.to().stream())
                    .map(to -> to.replaceFirst("(?s)RCPT TO:<(.*?)>.*", "$1"))
                    .toList();
        }
    }
}
