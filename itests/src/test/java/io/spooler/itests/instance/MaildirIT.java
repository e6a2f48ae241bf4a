package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spooler.itests.instance.MaildirReader.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The mirror of the mailboxes, read by Dovecot: what is in the mailbox, all of it and once, byte for byte. */
@Timeout(1800)
class MaildirIT {

    private static final int KILLS = Integer.getInteger("spooler.kills", 3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path temp;

    private Instance instance() throws IOException {
        return Instance.in(temp.resolve("i")).etc("io.spooler.maildir.cfg", "directory=" + root() + "\ninterval=200ms");
    }

    private Path root() {
        return temp.resolve("maildir");
    }

    private List<String> files(String part) throws IOException {
        if (!Files.isDirectory(root().resolve(part))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(root().resolve(part))) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private void awaitFiles(String part, int count) {
        await(count + " messages in " + part)
                .atMost(PATIENCE)
                .until(() -> files(part).size() == count);
    }

    /** A line for each message: its subject. */
    private static List<String> subjects(Collection<Shown> shown) {
        return shown.stream()
                .map(Shown::text)
                .flatMap(text -> text.lines().filter(line -> line.startsWith("Subject: ")))
                .map(line -> line.substring("Subject: ".length()))
                .sorted()
                .toList();
    }

    @Test
    void dovecotShowsWhatIsInTheMailbox() throws IOException {
        MaildirReader.require();
        try (Instance instance = instance().start();
                Smtp smtp = Smtp.to(instance.port())) {
            for (int i = 0; i < 30; i++) {
                smtp.queue("number " + i, "ann@spooler.local");
            }
            awaitFiles("ann/new", 30);
            List<String> ids = ids();
            instance.sh("spooler:mark " + ids.get(0) + " seen").ok();
            instance.sh("spooler:move " + ids.get(1) + " Archive").ok();
            instance.sh("spooler:delete " + ids.get(2)).ok();
            awaitFiles("ann/.Archive/new", 1);
            awaitFiles("ann/cur", 1);
            awaitFiles("ann/new", 27);
            try (MaildirReader reader = MaildirReader.start(temp.resolve("dovecot"), root())) {
                Collection<Shown> inbox = reader.read("Ann", "INBOX").values();
                assertThat(inbox).hasSize(28).filteredOn(Shown::seen).hasSize(1);
                assertThat(inbox)
                        .allSatisfy(shown -> assertThat(shown.text())
                                .endsWith("\r\n\r\n" + subjects(List.of(shown)).get(0) + "\r\n\r\n"));
                assertThat(subjects(inbox)).doesNotHaveDuplicates();
                assertThat(inbox)
                        .extracting(shown -> shown.text().length())
                        .containsExactlyInAnyOrderElementsOf(sizes());
                assertThat(reader.read("ann", "Archive")).hasSize(1);
            }
        }
    }

    /** As the store has them: they are in the names of the files. */
    private List<Integer> sizes() throws IOException {
        return Stream.concat(files("ann/new").stream(), files("ann/cur").stream())
                .map(name -> Integer.valueOf(name.replaceAll(".*,S=(\\d+).*", "$1")))
                .toList();
    }

    private List<String> ids() throws IOException {
        return files("ann/new").stream()
                .map(name -> name.replaceAll("\\d+\\.(\\w{26})\\..*", "$1"))
                .toList();
    }

    @Test
    void aKillNeitherLosesNorDuplicates() throws IOException {
        MaildirReader.require();
        Random random = new Random(5);
        List<String> sent = new ArrayList<>();
        try (Instance instance = instance()) {
            for (int kill = 0; kill < KILLS; kill++) {
                instance.start();
                try (Smtp smtp = Smtp.to(instance.port())) {
                    for (int left = 1 + random.nextInt(60); left > 0; left--) {
                        String subject = "kill " + kill + " left " + left;
                        smtp.queue(subject, "ann@spooler.local");
                        sent.add(subject);
                    }
                }
                instance.crash();
            }
            instance.start();
            instance.shUntil("spooler:queue --count", n -> n.strip().equals("0"));
            List<String> mailbox = mailbox(instance);
            assertThat(mailbox).as("in the mailbox, at least once").containsAll(sent);
            await("all in the mirror")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    files("ann/new").size() + files("ann/cur").size())
                            .isGreaterThanOrEqualTo(mailbox.size()));
            try (MaildirReader reader = MaildirReader.start(temp.resolve("dovecot"), root())) {
                assertThat(subjects(reader.read("ann", "INBOX").values()))
                        .as("in the mirror, as in the mailbox")
                        .containsExactlyElementsOf(mailbox);
            }
        }
    }

    /** The subjects. What was on its way into the mailbox at a kill may stand there twice. */
    private static List<String> mailbox(Instance instance) throws IOException {
        return instance.inbox("ann", Pattern.compile("(kill \\d+ left \\d+)")).stream()
                .sorted()
                .toList();
    }
}
