package io.spooler.core;

import io.spooler.Address;
import io.spooler.Content;
import io.spooler.Reply;
import io.spooler.SpoolId;
import io.spooler.transport.Consignment;
import io.spooler.transport.Inlet;
import io.spooler.transport.Outcome;
import io.spooler.transport.TraceEntry;
import io.spooler.transport.TransportProvider;
import io.spooler.transport.TransportStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A transport that answers what the test says, at once or when told. */
final class FakeTransport implements TransportProvider {

    static final Reply OK = new Reply("2.0.0", "ok");

    final List<Consignment> taken = new ArrayList<>();
    final List<String> contents = new ArrayList<>();
    final List<CompletableFuture<List<Outcome>>> open = new ArrayList<>();
    Function<Address, Outcome> answer = address -> new Outcome.Relayed(OK);
    Consumer<Runnable> when = Runnable::run;
    Consumer<Consignment> look = consignment -> {};
    boolean manual;
    TransportStatus status = new TransportStatus(TransportStatus.Condition.AVAILABLE, "fake");
    Inlet inlet;
    final List<String> calls = new ArrayList<>();
    CompletableFuture<TransportStatus> check;
    CompletableFuture<?> flush = CompletableFuture.completedFuture(true);
    Set<Operation> operations = EnumSet.of(Operation.OUTBOUND, Operation.VALIDATE, Operation.FLUSH);

    @Override
    public CompletionStage<List<Outcome>> deliver(Consignment consignment) {
        look.accept(consignment);
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
        calls.add("status");
        return status;
    }

    @Override
    public Optional<Runnable> trace(@Nullable String lane, Consumer<TraceEntry> watcher) {
        watcher.accept(new TraceEntry(Instant.EPOCH, String.valueOf(lane), "1", "> HELLO\u001b"));
        return Optional.of(() -> watcher.accept(new TraceEntry(Instant.EPOCH, "", "1", "end")));
    }

    @Override
    public Set<Operation> operations() {
        return operations;
    }

    @Override
    public CompletionStage<TransportStatus> validate() {
        calls.add("validate");
        return check == null ? CompletableFuture.completedFuture(status) : check;
    }

    @Override
    public CompletionStage<?> flushOutbound() {
        calls.add("flushOutbound");
        return flush;
    }

    @Override
    public CompletionStage<?> flushInbound() {
        calls.add("flushInbound");
        return flush;
    }

    @Override
    public void abortDeferred(SpoolId message) {
        calls.add("abortDeferred " + message);
    }

    @Override
    public void closeInbound() {
        calls.add("closeInbound");
        inlet = null;
    }

    @Override
    public void openInbound(Inlet in) {
        inlet = in;
    }
}
