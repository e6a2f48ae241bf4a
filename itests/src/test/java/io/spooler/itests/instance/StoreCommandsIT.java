package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an administrator does when a store may be damaged: look, take out, look again. */
@Timeout(120)
class StoreCommandsIT {

    @TempDir
    Path temp;

    @Test
    void checksExportsAndShowsWhatWasDamaged() throws IOException {
        try (Instance instance = Instance.in(temp.resolve("i")).start()) {
            String waiting;
            String filed;
            try (Smtp smtp = Smtp.to(instance.port())) {
                waiting = smtp.queue("waiting", "ann@example.org");
                filed = smtp.queue("filed", "bob@spooler.local");
                smtp.queue("to be damaged", "ann@example.org");
            }
            instance.showUntil(waiting, "WAITING");
            instance.showUntil(filed, "DELIVERED");
            assertThat(instance.sh("spooler:store check").ok())
                    .contains("2 queued", "1 filed")
                    .endsWith("All is well.");
            assertThat(instance.sh("help spooler:store").ok()).contains("check [STORE]", "quarantine drop NAME");
            exports(instance, waiting);
            assertThat(instance.sh("spooler:store compact").ok()).contains("SEGMENTS GONE");

            instance.terminate();
            flip(instance.base().resolve("data/spool/journal"), "Subject: to be damaged");
            // A start reads only what follows its checkpoint; without one, everything.
            Files.delete(instance.base().resolve("data/spool/checkpoint"));
            instance.start();
            Ran check = instance.sh("spooler:store check");
            assertThat(check.status()).isEqualTo(1);
            assertThat(check.output()).contains("damaged from ", "not all is well: 1 problem in store file");
            takesOutWhatWasDamaged(instance);
        }
    }

    private static void exports(Instance instance, String id) throws IOException {
        instance.sh("spooler:store export " + id + " mail.eml").ok();
        assertThat(Files.readString(instance.base().resolve("mail.eml"))).contains("Subject: waiting\r\n");
        Ran again = instance.sh("spooler:store export " + id + " mail.eml");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.output()).contains("mail.eml exists already");
    }

    private static void takesOutWhatWasDamaged(Instance instance) throws IOException {
        String list = instance.sh("spooler:store quarantine").ok();
        String name = Stream.of(list.split("\\s+"))
                .filter(word -> word.endsWith(".damaged"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing damaged in quarantine: " + list));
        instance.sh("spooler:store quarantine export " + name + " octets").ok();
        assertThat(Files.readString(instance.base().resolve("octets"), StandardCharsets.ISO_8859_1))
                .contains("ubject: to be damaged");
        instance.sh("spooler:store quarantine drop " + name).ok();
        assertThat(instance.sh("spooler:store quarantine").ok()).contains("Nothing is in quarantine.");
    }

    /** Changes the first octet of a text where it is stored. */
    private static void flip(Path directory, String text) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.toList();
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
