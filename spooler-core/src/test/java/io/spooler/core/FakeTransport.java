package io.spooler.core;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Reply;
import io.spooler.transport.Consignment;
import io.spooler.transport.Inlet;
import io.spooler.transport.Outcome;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** A transport that answers what the test says, at once or when told. */
final class FakeTransport implements TransportProvider {

    static final Reply OK = new Reply("2.0.0", "ok");

    final List<Consignment> taken = new ArrayList<>();
    final List<String> contents = new ArrayList<>();
    final List<CompletableFuture<List<Outcome>>> open = new ArrayList<>();
    Function<Address, Outcome> answer = address -> new Outcome.Relayed(OK);
    Consumer<Runnable> when = Runnable::run;
    boolean manual;
    TransportStatus status = new TransportStatus(TransportStatus.Condition.AVAILABLE, "fake");
    Inlet inlet;

    @Override
    public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
        taken.add(consignment);
        contents.add(read(consignment.content()));
        CompletableFuture<List<Outcome>> result = new CompletableFuture<>();
        open.add(result);
        if (!manual) {
            when.accept(() -> result.complete(outcomes(consignment)));
        }
        return result;
    }

    static String read(Content content) {
        try (var in = content.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Outcome> outcomes(Consignment consignment) {
        return consignment.recipients().stream()
                .map(r -> answer.apply(r.address()))
                .toList();
    }

    List<String> recipients() {
        return taken.stream()
                .flatMap(c -> c.recipients().stream())
                .map(r -> r.address().value())
                .toList();
    }

    @Override
    public String lane(Address address) {
        return address.domain();
    }

    @Override
    public TransportStatus status() {
        return status;
    }

    @Override
    public void openInbound(Inlet in) {
        inlet = in;
    }

    @Override
    public void closeInbound() {
        inlet = null;
    }
}
