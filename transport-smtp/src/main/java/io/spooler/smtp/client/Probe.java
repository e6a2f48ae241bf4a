package io.spooler.smtp.client;

import io.spooler.Reply;
import io.spooler.transport.TransportStatus;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A connection that only looks whether a session can be had, beside the traffic. */
final class Probe implements Owner {

    private final Site site;
    private final CompletableFuture<TransportStatus> result = new CompletableFuture<>();

    Probe(Site site) {
        this.site = site;
    }

    /** Connects, greets, encrypts and logs in as the settings say, and quits. */
    CompletableFuture<TransportStatus> start() {
        new Connection(site, this, null).open();
        return result;
    }

    @Override
    public void established(Connection connection) {
        site.health().success(new Reply("2.0.0", "session established, nothing sent"));
    }

    @Override
    public void ready(Connection connection) {
        connection.quit();
    }

    @Override
    public @Nullable Transfer following(Connection connection) {
        return null;
    }

    @Override
    public void lostInGroup() {
        // There is never a group.
    }

    @Override
    public void expired(Connection connection) {
        connection.quit();
    }

    @Override
    public void refused(@Nullable Transfer transfer, Reply why, boolean forever) {
        site.health().failure(why);
        finish();
    }

    @Override
    public void again(Transfer transfer) {
        transfer.handBack();
    }

    @Override
    public void gone(Connection connection) {
        // A refusal follows this call.
        connection.loop().execute(this::finish);
    }

    private void finish() {
        result.complete(site.health().status(site.settings().server()));
    }
}
