package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Local mail, from the shell and from standard clients. */
@Timeout(120)
class FirstMailIT {

    private static Instance instance;

    @BeforeAll
    static void start(@TempDir Path temp) throws IOException {
        instance = Instance.in(temp.resolve("first mail")).start();
    }

    @AfterAll
    static void stop() {
        instance.close();
    }

    @Test
    void goesFromTheShellToAMailbox() throws IOException {
        String id =
                instance.sh("spooler:send ann@spooler.local hello * world").ok().strip();
        assertThat(id).matches("[0-9A-Z]{26}");
        assertThat(instance.showUntil(id, "DELIVERED")).contains("ann@spooler.local");
        assertThat(instance.sh("spooler:inbox ann").ok()).contains("hello * world");
    }

    @Test
    void goesFromSmtpToAMailbox() throws IOException {
        try (Smtp smtp = Smtp.to(instance.port())) {
            String id = smtp.queue("by smtp", "bob@spooler.local", "carol@spooler.local");
            instance.shUntil(
                    "spooler:show " + id,
                    text -> text.lines().filter(l -> l.contains("DELIVERED")).count() == 2);
        }
        assertThat(instance.sh("spooler:inbox bob").ok()).contains("by smtp");
        assertThat(instance.sh("spooler:inbox --count carol").ok().strip()).isEqualTo("1");
    }

    @Test
    void goesFromSwaksToAMailbox() throws IOException, InterruptedException {
        String swaks = Program.tool("swaks", "apt-get install swaks");
        Process process = new ProcessBuilder(
                        swaks,
                        "--server",
                        "127.0.0.1:" + instance.port(),
                        "--from",
                        "dan@client.test",
                        "--to",
                        "dave@spooler.local",
                        "--header",
                        "Subject: by swaks")
                .redirectErrorStream(true)
                .start();
        Ran ran = Program.end(process);
        assertThat(process.waitFor(0, TimeUnit.SECONDS)).isTrue();
        assertThat(ran.ok()).contains("250 2.0.0 queued as ");
        instance.shUntil("spooler:inbox dave", text -> text.contains("by swaks"));
    }

    @Test
    void failsForAnUnknownId() throws IOException {
        Ran ran = instance.sh("spooler:show 01ARZ3NDEKTSV4RRFFQ69G5FAV");
        assertThat(ran.status()).isNotZero();
        assertThat(ran.output()).contains("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    }
}
