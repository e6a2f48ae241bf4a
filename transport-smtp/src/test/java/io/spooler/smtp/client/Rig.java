package io.spooler.smtp.client;

import io.spooler.settings.SettingsException;
import io.spooler.smtp.net.EventLoops;
import io.spooler.testkit.TestConsignment;
import io.spooler.testkit.smtp.SmtpPeer;
import io.spooler.transport.Outcome;
import io.spooler.transport.TokenSupplier;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A client beside a scripted peer that it is configured for. */
final class Rig implements AutoCloseable {

    final SmtpPeer peer;
    final SmtpClient client;
    private final EventLoops loops = new EventLoops();
    final Map<String, TokenSupplier> tokens = new ConcurrentHashMap<>();
    /** Where MTA-STS policies are. */
    Function<String, URI> policies = HttpsFetch::wellKnown;

    private boolean closed;

    Rig(String... settings) {
        try {
            peer = SmtpPeer.start();
            client = new SmtpClient(
                    "smtp-test",
                    loops,
                    tokens::get,
                    address -> false,
                    domain -> policies.apply(domain),
                    Clock.systemUTC(),
                    Duration.ofSeconds(2));
            apply(settings);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void apply(String... settings) {
        Map<String, Object> properties =
                new HashMap<>(Map.of("host", "127.0.0.1", "port", String.valueOf(peer.port()), "helo", "client.test"));
        for (String setting : settings) {
            properties.put(setting.replaceFirst("=.*", ""), setting.replaceFirst("[^=]*=", ""));
        }
        try {
            client.apply(ClientSettings.read(properties));
        } catch (SettingsException e) {
            throw new AssertionError(e);
        }
    }

    CompletableFuture<List<Outcome>> begin(TestConsignment consignment) {
        return client.deliver(consignment).toCompletableFuture();
    }

    List<Outcome> send(TestConsignment consignment) {
        return await(begin(consignment));
    }

    /** For one recipient. */
    Outcome sendOne(TestConsignment consignment) {
        return send(consignment).get(0);
    }

    static TestConsignment message() {
        return TestConsignment.of("Subject: x\r\n\r\ntext\r\n");
    }

    static <T> T await(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
    }

    void stop() {
        closed = true;
        client.close();
        loops.close();
    }

    @Override
    public void close() {
        try {
            peer.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        if (!closed) {
            stop();
        }
    }
}
