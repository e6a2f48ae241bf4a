package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spooler.testkit.smtp.Mail;
import io.spooler.testkit.smtp.SmtpPeer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store's disk becomes full: new mail hears that it is to come later, what was accepted goes out, and with room again mail is
 * taken again. On a file system of a few megabytes, for which the test must be root.
 */
@Timeout(180)
class FullDiskIT {

    private static final String SIZE = "size=24m";
    private static final String TEXT = ("x".repeat(98) + "\n").repeat(3000);

    @TempDir
    Path temp;

    private Path disk;

    @BeforeEach
    void mount() throws IOException {
        disk = Files.createDirectory(temp.resolve("disk"));
        Ran mount = run(
                Program.tool("mount", "apt-get install mount"), "-t", "tmpfs", "-o", SIZE, "tmpfs", disk.toString());
        Assumptions.assumeTrue(
                mount.status() == 0, "NOT TESTED: no file system can be mounted; cure: be root. " + mount.output());
    }

    @AfterEach
    void unmount() throws IOException {
        run(Program.tool("umount", "apt-get install mount"), disk.toString());
    }

    private static Ran run(String... command) throws IOException {
        return Program.end(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private Instance instance() throws IOException {
        Path store = disk.resolve("spool");
        return Instance.in(temp.resolve("i"))
                .listener("max_message_size=10M")
                .etc(
                        "io.spooler.store.file.cfg",
                        "directory=" + store + "\nsegment_size=1M\nmax_message_size=10M\nminimum_free=3M");
    }

    @Test
    void aFullDiskRefusesForATimeAndKeepsWhatItHas() throws IOException {
        try (SmtpPeer peer = SmtpPeer.start();
                Instance instance = instance().start()) {
            List<String> accepted = new ArrayList<>();
            try (Smtp smtp = Smtp.to(instance.port())) {
                assertThat(fill(smtp, accepted)).startsWith("452 4.3.1");
            }
            assertThat(accepted).hasSizeGreaterThan(20);
            assertCount(instance, accepted.size());

            // Others take the rest: not an octet is free.
            Path others = disk.resolve("others");
            occupy(others);
            instance.smartHost(peer.port());
            instance.shUntil("spooler:queue --count", count -> count.strip().equals("0"));
            assertThat(peer.mails().stream().map(FullDiskIT::subject)).containsExactlyInAnyOrderElementsOf(accepted);
            String sent = TEXT.replace("\n", "\r\n") + "\r\n";
            assertThat(peer.mails().stream().allMatch(mail -> mail.text().endsWith("\r\n\r\n" + sent)))
                    .as("all of them whole")
                    .isTrue();

            Files.delete(others);
            instance.log("room again", line -> line.contains("has room again"));
            try (Smtp smtp = Smtp.to(instance.port())) {
                smtp.queue("afterwards", "ann@spooler.local");
            }
            instance.only("ann", "INBOX", "afterwards");
            assertThat(instance.sh("spooler:store check").ok()).endsWith("All is well.");
        }
    }

    /** There is room when it begins, and none in the middle of it. */
    @Test
    void whatFindsNoRoomInTheMiddleLeavesNothing() throws IOException {
        try (Instance instance = instance().start()) {
            Path others = disk.resolve("others");
            Files.write(others, new byte[16 << 20]);
            try (Smtp smtp = Smtp.to(instance.port())) {
                assertThat(smtp.send("eve@client.test", "Subject: never\n\n" + TEXT.repeat(33), "ann@example.org"))
                        .startsWith("452 4.3.1");
                Holdings.awaitFiles(disk.resolve("spool"), 0);
                // If the disk was looked at in the middle, nothing is taken until it is looked at again.
                await("room for a small one")
                        .until(() -> smtp.send("eve@client.test", "Subject: small\n\nsmall\n", "ann@spooler.local")
                                .startsWith("250"));
            }
            instance.only("ann", "INBOX", "small");
            assertCount(instance, 0);
            assertThat(instance.sh("spooler:store check").ok()).endsWith("All is well.");
        }
    }

    private static void assertCount(Instance instance, int count) throws IOException {
        assertThat(instance.sh("spooler:queue --count").ok().strip()).isEqualTo(String.valueOf(count));
    }

    /** Until one is refused: the refusal. */
    private static String fill(Smtp smtp, List<String> accepted) throws IOException {
        for (int i = 0; i < 200; i++) {
            String reply = smtp.send("eve@client.test", "Subject: number " + i + ".\n\n" + TEXT, "ann@example.org");
            if (!reply.startsWith("250")) {
                return reply;
            }
            accepted.add("Subject: number " + i + ".");
        }
        throw new AssertionError("the disk was never full");
    }

    private static void occupy(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            byte[] octets = new byte[4096];
            while (true) {
                out.write(octets);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static String subject(Mail mail) {
        return mail.text()
                .lines()
                .filter(line -> line.startsWith("Subject: "))
                .findFirst()
                .orElse("");
    }
}
