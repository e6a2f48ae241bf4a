package io.spooler.smtp.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients of one octet a second, in a time of their own: whom they cost room, and for how long. */
class SlowClientsTest {

    private static final String ENVELOPE = "MAIL FROM:<bob@example.org>\r\nRCPT TO:<ann@spooler.local>\r\n";
    private static final String CHATTER = "NOOP\r\nRSET\r\nEHLO b\r\nFOO\r\n";

    private final MockTicker ticker = Ticker.newMockTicker();
    private final Sessions sessions = new Sessions();
    private final FakeSpooler spooler = new FakeSpooler();
    private ListenerSettings settings;

    /** Sends an octet of its text a second, over and over. */
    private final class Slow {

        private final QuietSession session;
        private final String text;
        private int at;

        Slow(String before, String text) {
            session = new QuietSession(settings, sessions, spooler, ticker);
            session.ask(before);
            this.text = text;
        }

        void second() {
            session.answers();
            if (!text.isEmpty()) {
                session.arrive(new byte[] {(byte) text.charAt(at)}, 0, 1);
                at = (at + 1) % text.length();
            }
            session.settle();
        }
    }

    @BeforeEach
    void read() throws Exception {
        settings = QuietSession.settings("max_connections", "100", "max_connections_per_client", "100");
    }

    private List<Slow> slow(int count) {
        List<Slow> all = new ArrayList<>();
        for (int i = 0; i < count; i += 5) {
            all.add(new Slow("", ""));
            all.add(new Slow("EHLO a\r\n", CHATTER));
            all.add(new Slow("EHLO a\r\n", "X".repeat(5000)));
            all.add(new Slow("EHLO a\r\n" + ENVELOPE + "DATA\r\n", "X"));
            all.add(new Slow("EHLO a\r\n" + ENVELOPE, "BDAT 1\r\nX"));
        }
        return all;
    }

    private void pass(List<Slow> clients, int seconds) {
        for (int i = 0; i < seconds; i++) {
            QuietSession.pass(ticker, Duration.ofSeconds(1));
            clients.forEach(Slow::second);
        }
    }

    private static long open(List<Slow> clients) {
        return clients.stream().filter(c -> c.session.isOpen()).count();
    }

    @Test
    void whereThereIsRoomTheyHaveFiveMinutes() {
        List<Slow> clients = slow(70);
        pass(clients, 299);
        assertThat(open(clients)).as("of 70, in room for 100").isEqualTo(70);
        pass(clients, 1);
        assertThat(open(clients)).as("a second later").isZero();
        assertThat(spooler.accepted).isEmpty();
    }

    @Test
    void whereRoomIsShortTheyHaveTenSeconds() {
        List<Slow> clients = slow(95);
        QuietSession honest = new QuietSession(settings, sessions, spooler, ticker);
        honest.ask("EHLO honest\r\n");
        for (int i = 0; i < 25; i++) {
            assertThat(honest.ask(ENVELOPE + "DATA\r\n")).endsWith("354 end with <CRLF>.<CRLF>\r\n");
            assertThat(honest.ask("Subject: x\r\n\r\nhello\r\n.\r\n")).startsWith("250 2.0.0 queued");
            pass(clients, 1);
        }
        assertThat(open(clients))
                .as("slow ones, of whom stress allows three quarters of the room at most")
                .isLessThan(75);
        assertThat(sessions.size()).isLessThan(76);
        assertThat(honest.ask("NOOP\r\n")).startsWith("250");
        assertThat(spooler.accepted).hasSize(25);
    }

    @Test
    void whoIsSlowUnderStressIsToldSo() {
        List<Slow> clients = slow(95);
        pass(clients, 10);
        assertThat(open(clients)).isLessThan(75);
        assertThat(clients.get(0).session.answers()).isEqualTo("421 4.4.2 too slow, closing\r\n");
    }

    @Test
    void contentThatComesFastEnoughGoesOn() {
        List<Slow> others = slow(90);
        QuietSession honest = new QuietSession(settings, sessions, spooler, ticker);
        honest.ask("EHLO honest\r\n" + ENVELOPE);
        honest.ask("DATA\r\n");
        for (int i = 0; i < 60; i++) {
            honest.ask("x".repeat(118) + "\r\n");
            for (long missing = 90 - open(others); missing > 0; missing--) {
                others.add(new Slow("", ""));
            }
            pass(others, 1);
        }
        assertThat(honest.ask(".\r\n")).startsWith("250 2.0.0 queued");
    }
}
