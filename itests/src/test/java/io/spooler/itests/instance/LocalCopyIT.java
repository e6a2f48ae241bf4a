package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.itests.bundle.Guillotine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process ends between the filing of a local copy and the record of its outcome: the next one files no second copy. */
@Timeout(180)
class LocalCopyIT {

    private static final int LIVES = 3;

    @TempDir
    Path temp;

    @Test
    void anEndBehindTheFilingMakesNoSecondCopy() throws IOException {
        Path jar = temp.resolve("guillotine.jar");
        Jars.bundle(jar, "guillotine", Guillotine.class, "io.spooler,org.osgi.framework");
        try (Instance instance = Instance.in(temp.resolve("i")).start()) {
            Path dropped = instance.base().resolve("deploy/guillotine.jar");
            for (int life = 1; life <= LIVES; life++) {
                Files.copy(jar, dropped);
                instance.shUntil("lb -s", text -> text.contains("guillotine ("));
                try (Smtp smtp = Smtp.to(instance.port())) {
                    smtp.say("MAIL FROM:<eve@client.test>");
                    smtp.say("RCPT TO:<ann@spooler.local>");
                    assertThat(smtp.say("DATA")).startsWith("354");
                    smtp.write("Subject: life " + life + "\r\n\r\nx\r\n.\r\n");
                    assertThat(instance.end()).as("halted at the arrival").isEqualTo(1);
                }
                Files.delete(dropped);
                instance.start();
                instance.shUntil("spooler:queue --count", count -> count.strip().equals("0"));
                instance.only("ann", "INBOX", "life " + life);
            }
        }
    }
}
