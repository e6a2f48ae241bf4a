package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong at the start: it says so, serves what it can, and loses nothing. */
@Timeout(120)
class BadStartIT {

    @TempDir
    Path temp;

    @Test
    void saysThatThePortIsTakenAndServesTheRest() throws IOException {
        try (Instance instance = Instance.in(temp.resolve("i"));
                ServerSocket taken = Ports.taken()) {
            instance.etc("io.spooler.smtp.listener-other.cfg", "address=127.0.0.1\nport=" + taken.getLocalPort());
            instance.start();
            instance.log(
                    "error of the port", line -> line.contains("ERROR") && line.contains("" + taken.getLocalPort()));
            try (Smtp smtp = Smtp.to(instance.port())) {
                smtp.queue("by the other listener", "ann@spooler.local");
            }
        }
    }

    @Test
    void saysThatTheDataDirectoryCannotBeWrittenTo() throws IOException {
        try (Instance instance = Instance.in(temp.resolve("i"))) {
            // A directory below a file cannot be made, not even by root.
            Path file = Files.createFile(temp.resolve("file"));
            instance.etc("io.spooler.store.file.cfg", "directory=" + file.resolve("spool"));
            instance.start();
            instance.log("error of the store", line -> line.contains("ERROR") && line.contains(file.toString()));
            try (Smtp smtp = Smtp.to(instance.port())) {
                assertThat(smtp.send("a@client.test", "Subject: x\n\nx\n", "ann@spooler.local"))
                        .startsWith("4");
            }
            assertThat(instance.sh("spooler:send ann@spooler.local hello").status())
                    .isNotZero();
        }
    }

    @Test
    void saysThatItCannotMakeItsDirectories() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        Ran ran = Program.run("run", "--base", file.resolve("base").toString());
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.output()).contains("cannot make the directory " + file.resolve("base"));
    }

    @Test
    void keepsASecondInstanceAwayFromTheSameData() throws IOException {
        try (Instance first = Instance.in(temp.resolve("first")).start();
                Instance second = Instance.in(temp.resolve("second"))) {
            Path spool = first.base().resolve("data/spool");
            second.etc("io.spooler.store.file.cfg", "directory=" + spool);
            second.start();
            second.log(
                    "error of the lock",
                    line -> line.contains("ERROR") && line.contains("is in use by another instance"));
            try (Smtp smtp = Smtp.to(first.port())) {
                first.showUntil(smtp.queue("undisturbed", "ann@spooler.local"), "DELIVERED");
            }
        }
    }

    @Test
    void servesEverythingButADamagedRecord() throws IOException {
        try (Instance instance = Instance.in(temp.resolve("i")).start()) {
            String first;
            String damaged;
            String last;
            try (Smtp smtp = Smtp.to(instance.port())) {
                first = smtp.queue("the first", "ann@example.org");
                damaged = smtp.queue("the damaged one", "ann@example.org");
                last = smtp.queue("the last", "ann@example.org");
            }
            instance.showUntil(last, "WAITING");
            instance.crash();
            flip(instance.base().resolve("data/spool"), "Subject: the damaged one");

            instance.start();
            instance.log("report of the damage", line -> line.contains("ERROR") && line.contains("damaged"));
            instance.showUntil(first, "WAITING");
            instance.showUntil(last, "WAITING");
            assertThat(instance.sh("spooler:show " + damaged).output()).doesNotContain("RELAYED", "DELIVERED");
        }
    }

    /** Changes one octet where a text is stored. */
    private static void flip(Path directory, String text) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            byte[] octets = Files.readAllBytes(file);
            int at = new String(octets, StandardCharsets.ISO_8859_1).indexOf(text);
            if (at >= 0) {
                octets[at] ^= 1;
                Files.write(file, octets);
                return;
            }
        }
        throw new AssertionError("not stored in " + files + ": " + text);
    }
}
