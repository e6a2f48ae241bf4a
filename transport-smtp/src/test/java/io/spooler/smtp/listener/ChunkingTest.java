package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.spooler.SpoolException.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** BDAT (RFC 3030), beside what {@link HostileTest} has of it. */
@Timeout(60)
class ChunkingTest {

    private static final String GROUP = "MAIL FROM:<bob@example.org>\r\nRCPT TO:<ann@spooler.local>\r\n";

    private final Rig rig = new Rig("command_timeout", "300ms");

    @AfterEach
    void close() {
        rig.close();
    }

    /** A session with a sender and a recipient. */
    private RawClient begun() throws Exception {
        RawClient client = rig.connect().greet();
        assertThat(client.send(GROUP).reply()).startsWith("250 2.1.0");
        assertThat(client.reply()).startsWith("250 2.1.5");
        return client;
    }

    @Test
    void aWholeSessionInOneWrite() throws Exception {
        try (RawClient client = rig.connect().greet()) {
            client.send((GROUP + "BDAT 3\r\na\r\nBDAT 0\r\nBDAT 4 LAST\r\n..\r\n").repeat(50) + "QUIT\r\n");
            for (int i = 0; i < 50; i++) {
                assertThat(client.reply()).startsWith("250 2.1.0");
                assertThat(client.reply()).startsWith("250 2.1.5");
                assertThat(client.reply()).isEqualTo("250 2.0.0 3 octets taken");
                assertThat(client.reply()).isEqualTo("250 2.0.0 0 octets taken");
                assertThat(client.reply()).startsWith("250 2.0.0 queued as ");
                assertThat(rig.fake.next().body()).isEqualTo("\r\na\r\n..\r\n");
            }
            assertThat(client.reply()).startsWith("221");
        }
    }

    @Test
    void whatIsResetNeverHappened() throws Exception {
        try (RawClient client = begun()) {
            client.send("BDAT 3\r\na\r\nRSET\r\n");
            assertThat(client.reply()).startsWith("250 2.0.0 3");
            assertThat(client.reply()).startsWith("250 2.0.0 ok");
            assertThat(rig.fake.abandoned).hasValue(1);
        }
        assertThat(rig.fake.accepted).isEmpty();
    }

    @Test
    void aCutConnectionLeavesNothing() throws Exception {
        try (RawClient client = begun()) {
            client.send("BDAT 10 LAST\r\na\r\nb\r\nc\r").endInput();
            assertThat(client.reply()).as("end of connection").isEmpty();
        }
        try (RawClient client = begun()) {
            client.send("BDAT 3\r\na\r\n");
            assertThat(client.reply()).startsWith("250 2.0.0 3");
            client.endInput();
            assertThat(client.reply()).as("end of connection").isEmpty();
        }
        rig.listener.close();
        assertThat(rig.fake.abandoned).hasValue(2);
        assertThat(rig.fake.accepted).isEmpty();
    }

    @Test
    void whatTheSpoolerRefusesIsDroppedChunkByChunk() throws Exception {
        rig.fake.refuseBegin = Reason.STORE_FULL;
        try (RawClient client = begun()) {
            client.send("BDAT 6\r\nNOOP\r\nBDAT 6 LAST\r\nNOOP\r\n");
            assertThat(client.reply()).startsWith("452 4.3.1");
            assertThat(client.reply()).startsWith("503 5.5.1");
            assertThat(client.ask("NOOP")).startsWith("250");
        }
    }

    @Test
    void aChunkThatStopsIsClosed() throws Exception {
        try (RawClient client = begun()) {
            client.send("BDAT 30\r\nabc");
            assertThat(client.reply()).startsWith("421 4.4.2");
        }
        assertThat(rig.fake.abandoned).hasValue(1);
    }
}
