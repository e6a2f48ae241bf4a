package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spooler.SpoolException.Reason;
import io.spooler.access.RecipientCheck.Verdict;
import io.spooler.settings.SettingsException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** LMTP (RFC 2033). */
@Timeout(60)
class LmtpTest {

    private static final String CONTENT = "Subject: x\r\n\r\nhello\r\n.\r\n";

    private final Rig rig = new Rig("protocol", "lmtp");

    @AfterEach
    void close() {
        rig.close();
    }

    /** A session with three recipients, one of them twice, and one refused. */
    private RawClient begun() throws Exception {
        RawClient client = rig.connect();
        assertThat(client.reply()).isEqualTo("220 mx.example LMTP Spooler");
        assertThat(client.ask("LHLO client.example")).contains("250-PIPELINING", "250-CHUNKING");
        client.ask("MAIL FROM:<bob@example.org>");
        for (String name : new String[] {"ann", "bob", "ann"}) {
            assertThat(client.ask("RCPT TO:<" + name + "@spooler.local>")).startsWith("250 2.1.5");
        }
        assertThat(client.ask("RCPT TO:<ann@elsewhere.example>")).startsWith("550");
        return client;
    }

    private static void assertThree(RawClient client, String reply) throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(client.reply()).startsWith(reply);
        }
        assertThat(client.ask("NOOP")).isEqualTo("250 2.0.0 ok");
    }

    @Test
    void theGreetingIsAnother() throws Exception {
        try (RawClient client = rig.connect()) {
            client.reply();
            assertThat(client.ask("EHLO a")).startsWith("500 5.5.2");
            assertThat(client.ask("HELO a")).startsWith("500 5.5.2");
            assertThat(client.ask("MAIL FROM:<bob@example.org>")).startsWith("503 5.5.1");
            assertThat(client.ask("LHLO")).startsWith("501 5.5.4");
            assertThat(client.ask("LHLO a")).startsWith("250");
        }
    }

    @Test
    void everyRecipientHasItsReplyBehindTheContent() throws Exception {
        try (RawClient client = begun()) {
            client.ask("DATA");
            client.send(CONTENT);
            assertThree(client, "250 2.0.0 queued as ");
            FakeSpooler.Committed message = rig.fake.next();
            assertThat(message.text()).contains(" with LMTP\r\n");
            assertThat(message.envelope().recipients()).hasSize(2);
        }
    }

    @Test
    void alsoByChunks() throws Exception {
        try (RawClient client = begun()) {
            client.send("BDAT 3\r\na\r\nBDAT 0 LAST\r\n");
            assertThat(client.reply()).startsWith("250 2.0.0 3 octets");
            assertThree(client, "250 2.0.0 queued as ");
        }
    }

    @Test
    void alsoWhenItIsRefused() throws Exception {
        try (RawClient client = begun()) {
            client.ask("DATA");
            client.send("a\nb" + CONTENT);
            assertThree(client, "550 5.5.2");
        }
        try (RawClient client = begun()) {
            rig.fake.refuseBegin = Reason.STORE_FULL;
            assertThat(client.ask("DATA")).as("no content follows").startsWith("452 4.3.1");
            assertThat(client.ask("NOOP")).startsWith("250 2.0.0 ok");
        }
    }

    @Test
    void alsoWhenTheLastChunkIsRefused() throws Exception {
        try (RawClient client = begun()) {
            client.send("BDAT 3 LAST\r\na\nb");
            assertThree(client, "550 5.5.2");
        }
        try (RawClient client = begun()) {
            rig.fake.refuseBegin = Reason.STORE_FULL;
            client.send("BDAT 3 LAST\r\na\r\n");
            assertThree(client, "452 4.3.1");
        }
        rig.fake.refuseBegin = null;
        try (RawClient client = begun()) {
            rig.spooler = null;
            client.send("BDAT 3 LAST\r\na\r\n");
            assertThree(client, "451 4.3.2");
        }
    }

    @Test
    void alsoWhenNobodyIsThereAnyMore() throws Exception {
        try (RawClient client = begun()) {
            rig.recipients = List.of(recipient -> CompletableFuture.completedFuture(Verdict.UNKNOWN));
            client.send("BDAT 3 LAST\r\na\r\n");
            assertThree(client, "550 5.1.1");
        }
    }

    @Test
    void alsoBehindAChunkThatIsRefused() throws Exception {
        try (RawClient client = begun()) {
            client.send("BDAT 3\r\na\nbBDAT 3\r\na\r\nBDAT 0 LAST\r\n");
            assertThat(client.reply()).startsWith("550 5.5.2");
            assertThat(client.reply()).startsWith("503 5.5.1");
            assertThree(client, "503 5.5.1");
            client.send("BDAT 0 LAST\r\n");
            assertThat(client.reply()).as("of no message any more").startsWith("503 5.5.1");
            assertThat(client.ask("NOOP")).startsWith("250 2.0.0 ok");
        }
    }

    @Test
    void aResetForgetsWhomTheRepliesWereFor() throws Exception {
        try (RawClient client = begun()) {
            assertThat(client.send("BDAT 3\r\na\nb").reply()).startsWith("550 5.5.2");
            assertThat(client.ask("RSET")).startsWith("250");
            assertThat(client.send("BDAT 0 LAST\r\n").reply()).startsWith("503 5.5.1");
            assertThat(client.ask("NOOP")).startsWith("250 2.0.0 ok");
        }
    }

    @Test
    void withoutARecipientTheLastChunkHasNoReply() throws Exception {
        try (RawClient client = rig.connect()) {
            client.reply();
            client.ask("LHLO client.example");
            client.ask("MAIL FROM:<bob@example.org>");
            assertThat(client.send("BDAT 3\r\na\r\n").reply()).startsWith("554 5.5.1");
            client.send("BDAT 3 LAST\r\na\r\n");
            assertThat(client.ask("NOOP")).isEqualTo("250 2.0.0 ok");
        }
    }

    @Test
    void notOnThePortOfSmtp() {
        assertThatThrownBy(() -> ListenerSettings.read(Listener.PID, Map.of("protocol", "lmtp", "port", "25")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("port=25 is not allowed; allowed is any other where protocol is lmtp");
    }

    @Test
    void smtpDoesNotSpeakIt() throws Exception {
        rig.apply();
        try (RawClient client = rig.connect()) {
            client.reply();
            assertThat(client.ask("LHLO a")).startsWith("500 5.5.2");
        }
    }
}
