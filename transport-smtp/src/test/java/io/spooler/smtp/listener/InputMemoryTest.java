package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.Ticker;
import io.spooler.settings.SettingsException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client can make a session keep in memory. */
class InputMemoryTest {

    private static final int LINE = 2048;
    private static final int READ_AHEAD = 64 * 1024;

    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false);
    private final FakeSpooler spooler = new FakeSpooler();
    private final TestChannel channel = new TestChannel(Ticker.newMockTicker());
    private QuietSession session;

    @BeforeEach
    void begin() throws SettingsException {
        channel.config().setAllocator(memory);
        session = new QuietSession(QuietSession.settings(), new Sessions(), spooler, channel, List.of(Rig.EVERYBODY));
        session.ask("EHLO a\r\n");
    }

    private long used() {
        return memory.metric().usedHeapMemory();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000})
    void aCommandIsKeptUpToALine(int piece) {
        byte[] command = ("NOOP " + "x".repeat(100 * 1024)).getBytes(StandardCharsets.US_ASCII);
        long most = 0;
        for (int at = 0; at < command.length; at += piece) {
            session.arrive(command, at, Math.min(command.length, at + piece));
            most = Math.max(most, used());
        }
        assertThat(most).as("octets kept of 100 KiB").isPositive().isLessThanOrEqualTo(LINE + piece);
        assertThat(session.ask("\r\n")).isEqualTo("500 5.5.2 line too long\r\n");
        assertThat(used()).isZero();
    }

    @Test
    void aNameThatMayBeAFieldIsKeptUpToALine() {
        session.ask("MAIL FROM:<bob@example.org>\r\nRCPT TO:<ann@spooler.local>\r\n");
        session.ask("DATA\r\n");
        session.ask("x".repeat(10_000), true);
        assertThat(spooler.abandoned).as("drafts given up before the line ends").hasValue(1);
        assertThat(used()).isZero();
    }

    @Test
    void whatComesWhileTheStoreIsBusyIsNotReadForEver() {
        spooler.holdCommits();
        session.ask("MAIL FROM:<bob@example.org>\r\nRCPT TO:<ann@spooler.local>\r\n");
        session.ask("DATA\r\n");
        session.ask("Subject: x\r\n\r\n.\r\n");
        byte[] noops = "NOOP\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII);
        long most = 0;
        while (channel.config().isAutoRead()) {
            assertThat(most).as("octets kept").isLessThanOrEqualTo(READ_AHEAD);
            session.arrive(noops, 0, noops.length);
            most = used();
        }
        assertThat(most).as("octets kept").isBetween((long) READ_AHEAD, (long) READ_AHEAD + noops.length);
    }
}
