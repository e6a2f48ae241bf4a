package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.Address;
import io.spooler.access.RecipientCheck.Verdict;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether recipients exist is asked before mail is taken for them. */
@Timeout(60)
class RecipientCheckTest {

    private final Rig rig = new Rig("relay_networks", "127.0.0.1");

    @AfterEach
    void close() {
        rig.close();
    }

    private RawClient begun() throws Exception {
        RawClient client = rig.connect().greet();
        client.ask("MAIL FROM:<bob@example.org>");
        return client;
    }

    @Test
    void unknownOnesAreRefusedAtOnce() throws Exception {
        rig.recipients = recipient -> CompletableFuture.completedFuture(
                recipient.equals(Address.smtp("ann@spooler.local")) ? Verdict.KNOWN : Verdict.UNKNOWN);
        try (RawClient client = begun()) {
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("250 2.1.5");
            assertThat(client.ask("RCPT TO:<bob@spooler.local>")).isEqualTo("550 5.1.1 no such recipient here");
            assertThat(client.ask("RCPT TO:<bob@elsewhere.example>"))
                    .as("not asked of other domains")
                    .startsWith("250 2.1.5");
            assertThat(client.ask("RCPT TO:<Postmaster@spooler.local>")).startsWith("250 2.1.5");
            client.ask("DATA");
            assertThat(client.send("x\r\n.\r\n").reply()).startsWith("250");
        }
        assertThat(rig.fake.next().envelope().recipients()).hasSize(3);
    }

    @Test
    void theAnswerMayTakeItsTime() throws Exception {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        AtomicReference<Address> asked = new AtomicReference<>();
        rig.recipients = recipient -> {
            asked.set(recipient);
            return verdict;
        };
        try (RawClient client = begun();
                RawClient other = begun()) {
            client.send("RCPT TO:<ann@spooler.local>\r\nDATA\r\n");
            assertThat(other.ask("NOOP")).as("nobody else waits").startsWith("250");
            verdict.complete(Verdict.KNOWN);
            assertThat(client.reply()).startsWith("250 2.1.5");
            assertThat(client.reply()).startsWith("354");
            assertThat(asked).hasValue(Address.smtp("ann@spooler.local"));
        }
    }

    @Test
    void whatCannotBeSaidIsATemporaryMatter() throws Exception {
        try (RawClient client = begun()) {
            rig.recipients = recipient -> CompletableFuture.completedFuture(Verdict.LATER);
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("451 4.3.0");
            rig.recipients = recipient -> CompletableFuture.failedFuture(new IllegalStateException("as wanted"));
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("451 4.3.0");
            rig.recipients = recipient -> {
                throw new IllegalStateException("as the test wants it");
            };
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("451 4.3.0");
            assertThat(client.ask("DATA")).startsWith("554 5.5.1");
            rig.recipients = null;
            assertThat(client.ask("RCPT TO:<ann@spooler.local>")).startsWith("250");
        }
    }
}
