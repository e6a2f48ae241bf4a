package io.spooler.itests.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.testkit.smtp.Action;
import io.spooler.testkit.smtp.SmtpPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 between accept and delivery: what got its 250 arrives. */
@Timeout(300)
class CrashIT {

    private static final int ROUNDS = 20;

    @TempDir
    Path temp;

    @Test
    void losesNothingThatWasAccepted() throws IOException {
        Random random = new Random(7);
        List<String> accepted = new ArrayList<>();
        try (SmtpPeer peer = SmtpPeer.start();
                Instance instance = Instance.in(temp.resolve("i")).smartHost(peer.port())) {
            for (int round = 0; round < ROUNDS; round++) {
                // Every other round the next hop takes nothing, so that a backlog goes through several crashes.
                if (round % 2 == 0) {
                    peer.always("MAIL", Action.reply("451 4.3.0 later"));
                } else {
                    peer.always("MAIL", Action.reply("250 2.1.0 ok"));
                }
                instance.start();
                submit(instance.port(), round, 1 + random.nextInt(40), accepted);
                instance.crash();
            }
            peer.always("MAIL", Action.reply("250 2.1.0 ok"));
            instance.start();
            instance.shUntil("spooler:queue --count", n -> n.strip().equals("0"));

            Set<String> arrived = new HashSet<>();
            peer.mails()
                    .forEach(mail -> mail.text()
                            .lines()
                            .filter(line -> line.startsWith("Subject: "))
                            .forEach(arrived::add));
            assertThat(arrived).containsAll(accepted);
        }
    }

    private static void submit(int port, int round, int count, List<String> accepted) throws IOException {
        try (Smtp smtp = Smtp.to(port)) {
            for (int i = 0; i < count; i++) {
                String subject = "crash " + round + "." + i;
                smtp.queue(subject, "ann@example.org");
                accepted.add("Subject: " + subject);
            }
        }
    }
}
