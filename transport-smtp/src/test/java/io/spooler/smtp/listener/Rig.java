package io.spooler.smtp.listener;

import io.spooler.Spooler;
import io.spooler.access.RecipientCheck;
import io.spooler.access.Users;
import io.spooler.smtp.net.EventLoops;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A listener on a free port of the loopback interface, with a fake spooler behind it. */
final class Rig implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** Knows every name. */
    static final RecipientCheck EVERYBODY =
            recipient -> CompletableFuture.completedFuture(RecipientCheck.Verdict.KNOWN);

    final FakeSpooler fake = new FakeSpooler();
    final Listener listener;
    final BlockingQueue<String> moves = new LinkedBlockingQueue<>();
    final AtomicLong nanos = new AtomicLong();
    volatile @Nullable Spooler spooler = fake;
    volatile @Nullable Users users;
    volatile List<RecipientCheck> recipients = List.of(EVERYBODY);

    private final Logins logins = new Logins(() -> users, nanos::get);

    private final EventLoops loops = new EventLoops();
    private final Map<String, Object> base = new HashMap<>();

    /** Settings as key, value, key, value; on top of a free port and the local domain {@code spooler.local}. */
    Rig(String... settings) {
        listener = new Listener(
                loops.group(),
                loops.serverType(),
                new Services(() -> spooler, logins, () -> recipients, Clock.fixed(NOW, ZoneOffset.UTC)),
                moves::add,
                Duration.ofMillis(500));
        base.put("felix.fileinstall.filename", "file:/etc/io.spooler.smtp.listener-test.cfg");
        base.put("port", "0");
        base.put("hostname", "mx.example");
        base.put("local_domains", "spooler.local");
        apply(settings);
    }

    void apply(String... settings) {
        Map<String, Object> all = new HashMap<>(base);
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        listener.apply(all);
    }

    /** The next address that it moves to. */
    String moved() throws InterruptedException {
        String address = moves.poll(10, TimeUnit.SECONDS);
        if (address == null) {
            throw new AssertionError("the listener did not move within 10 s: " + listener.status());
        }
        return address;
    }

    int port() throws InterruptedException {
        String address = moved();
        moves.add(address);
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    RawClient connect() throws IOException, InterruptedException {
        return new RawClient(port(), false);
    }

    RawClient connectSingle() throws IOException, InterruptedException {
        return new RawClient(port(), true);
    }

    @Override
    public void close() {
        listener.close();
        loops.close();
        logins.close();
    }
}
