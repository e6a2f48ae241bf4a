package io.spooler.smtp.listener;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import io.spooler.access.RecipientCheck;
import io.spooler.settings.SettingsException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A session without a network, on the thread of the test, in a time that the test makes pass. */
final class QuietSession {

    private final TestChannel channel;

    /** Greets at once; every recipient exists. */
    QuietSession(ListenerSettings settings, Sessions sessions, FakeSpooler spooler, Ticker ticker) {
        this(settings, sessions, spooler, ticker, List.of(Rig.EVERYBODY));
    }

    /** Greets at once. */
    QuietSession(
            ListenerSettings settings,
            Sessions sessions,
            FakeSpooler spooler,
            Ticker ticker,
            List<RecipientCheck> recipients) {
        this(settings, sessions, spooler, new TestChannel(ticker), recipients);
    }

    /** Greets at once, over a channel that is not used yet. */
    QuietSession(
            ListenerSettings settings,
            Sessions sessions,
            FakeSpooler spooler,
            TestChannel channel,
            List<RecipientCheck> recipients) {
        this.channel = channel;
        Ticker ticker = channel.eventLoop().ticker();
        Services services = new Services(
                () -> spooler,
                new Logins(() -> null, ticker::nanoTime),
                () -> recipients,
                Clock.fixed(Rig.NOW, ZoneOffset.UTC));
        InetAddress client = InetAddress.getLoopbackAddress();
        channel.pipeline().addLast(Session.NAME, new Session(settings, sessions, services, channel, client));
        channel.pipeline().fireChannelActive();
        settle();
    }

    /** Settings as key, value, key, value, for the local domain {@code spooler.local}. */
    static ListenerSettings settings(String... settings) throws SettingsException {
        Map<String, String> all = new HashMap<>(Map.of("hostname", "mx.example", "local_domains", "spooler.local"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return ListenerSettings.read(Listener.PID, all);
    }

    /** Octets arrive; whatever has to wait for a round of the loop, or for the spooler, waits. */
    void arrive(byte[] octets, int from, int to) {
        ByteBuf copy = channel.alloc().buffer(Math.max(1, to - from)).writeBytes(octets, from, to - from);
        if (isOpen()) {
            channel.pipeline().fireChannelRead(copy);
        } else {
            copy.release();
        }
    }

    /** The loop has its rounds until nothing is left to do now. */
    void settle() {
        channel.runLoop();
        channel.runLoop();
        channel.checkException();
    }

    /** Text arrives, and everything about it is done; what is answered. */
    String ask(String text) {
        return ask(text, false);
    }

    /** Text arrives at once, or octet by octet, before anything about it is done; what is answered then. */
    String ask(String text, boolean single) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        int step = single ? 1 : Math.max(1, octets.length);
        for (int at = 0; at < octets.length; at += step) {
            arrive(octets, at, Math.min(octets.length, at + step));
        }
        settle();
        return answers();
    }

    /** What was answered since the last call. */
    String answers() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.append(next.toString(StandardCharsets.ISO_8859_1));
            next.release();
        }
        return all.toString();
    }

    boolean isOpen() {
        return channel.isActive() && !channel.isOutputShutdown();
    }

    /** The client is gone. */
    void cut() {
        channel.close();
        settle();
        answers();
    }

    static void pass(MockTicker ticker, Duration time) {
        ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
