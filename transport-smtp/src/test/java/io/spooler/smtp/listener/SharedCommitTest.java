package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions that end their messages at the same time wait for the store together, so that one force may serve all. */
@Timeout(60)
class SharedCommitTest {

    private static final int SESSIONS = 64;

    @Test
    void noSessionWaitsForTheCommitOfAnother() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (Rig rig = new Rig("max_connections_per_client", "100")) {
            rig.fake.holdCommits();
            for (int i = 0; i < SESSIONS; i++) {
                RawClient client = rig.connect().greet();
                clients.add(client);
                client.ask("MAIL FROM:<bob@example.org>");
                client.ask("RCPT TO:<ann@spooler.local>");
                client.ask("DATA");
            }
            for (RawClient client : clients) {
                client.send("Subject: together\r\n\r\ntext\r\n.\r\n");
            }
            List<FakeSpooler.Committed> open = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                open.add(rig.fake.next());
            }
            assertThat(rig.fake.accepted).as("answered by the store so far").isEmpty();
            open.forEach(message -> message.answer().complete(message.id()));
            for (RawClient client : clients) {
                assertThat(client.reply()).startsWith("250 2.0.0 queued as");
            }
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }
}
